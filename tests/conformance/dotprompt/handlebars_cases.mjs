// Writes generated Handlebars templates with their data and what Handlebars.js makes of them, one JSON object a line:
//   node handlebars_cases.mjs <folder with node_modules> <count> <seed> > cases.jsonl
// {template, partials, data, variables, escape, knownOnly, output | error}
// The generator leaves out what genkit-cpp does differently on purpose; see the list at the end of this file.
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, countText = '3000', seedText = '1'] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(folder), 'x.js'));
const Handlebars = require('handlebars');

// Handlebars.js adds up neighbouring unescaped numbers and booleans, `{{{one}}}{{{two}}}` printing 3. That is a bug: print each.
const append = Handlebars.JavaScriptCompiler.prototype.append;
Handlebars.JavaScriptCompiler.prototype.append = function () {
  if (!this.isInline()) return append.call(this);
  this.replaceStack((current) => [' != null ? "" + ', current, ' : ""']);
  this.pushSource(this.appendToBuffer(this.popStack()));
};

let state = 0;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;
const many = (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make).join('');

// The helpers, which the C++ runner defines too.
const taking = (count, make) => (...args) => make(...args.slice(0, -1).slice(0, count));
const helpers = {
  upper: taking(1, (text) => String(text ?? '').toUpperCase()),
  eq: taking(2, (a, b) => a === b),
  add: taking(2, (a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : 'NaN')),
  safe: taking(1, (text) => new Handlebars.SafeString(text == null ? '' : '' + text)),
  pair: taking(2, (a, b) => ({ left: a ?? null, right: b ?? null })),
  list: (...args) => args.slice(0, -1).map((x) => (x === undefined ? null : x)),
  hashed: (options) => Object.keys(options.hash).sort().map((k) => `${k}=${options.hash[k] ?? ''}`).join(';'),
  wrap(options) { return `[${options.fn(this)}|${options.inverse ? options.inverse(this) : ''}]`; },
  scope: (context, options) => options.fn(context ?? null),
  twice(value, options) {
    const once = () => options.fn(value ?? null, { blockParams: [value ?? null, 2] });
    return once() + once();
  },
  // With another number of arguments than two, Handlebars.js does this or that; here it is an error.
  lookup(object, field, options) {
    if (arguments.length !== 3) throw new Error('lookup takes 2 arguments');
    return Handlebars.helpers.lookup(object, field, options);
  },
  context() { return Object.keys(this).length; },
  args: (...args) => args.length - 1,
};

// --- Data ---
const words = ['a', 'b', 'c', 'd', 'e', 'items', 'person', 'name', 'flag', 'zero', 'empty', 'none', 'matrix'];
const texts = ['Ann', '', ' ', 'a<b>&"c"', "it's", 'x=y`z', '0', '12', 'é世界', '😀', 'line1\nline2', '  pad  ', 'true'];
const numbers = [0, 1, -1, 2, 3.5, 1e21, 1e-7, 0.1, 100, 123456789012, -0.5];
const scalar = () => pick([() => pick(texts), () => pick(numbers), () => chance(0.5), () => null])();
const value = (depth) => {
  if (depth <= 0 || chance(0.45)) return scalar();
  return chance(0.5) ? object(depth - 1) : Array.from({ length: below(4) }, () => value(depth - 1));
};
const object = (depth) => {
  const out = {};
  for (let i = below(5); i > 0; --i) out[pick(words)] = value(depth);
  return out;
};
const makeData = () => {
  const data = { items: [1, 'two', null, { name: 'three', a: 3 }].slice(0, below(5)), person: { name: 'Ann', a: { b: 'deep' }, zero: 0 },
                 flag: chance(0.5), zero: 0, empty: [], name: pick(texts), matrix: [[1, 2], ['x', []], {}], ...object(3) };
  data.words = Array.from({ length: below(4) }, () => ({ name: pick(texts), items: [below(9), pick(texts)] }));
  return data;
};

// --- Templates ---
const gap = () => (chance(0.8) ? ' ' : pick(['  ', '\n', '\t', '\u00a0']));
const text = () => pick([' ', '\n', '  \n', '\n  ', 'text', 'x ', ' y', '\r\n', '\t', 'é', '{', '}', '{ {', '\\', '"quoted"', '&<>', '\n\n', ' . ', '\u00a0', 'a\nb']);
const segment = () => pick([...words, 'words', 'length', '[0]', '[1]', '[two words]', '[na\\]me]', 'name', 'a', 'zero', '0']);
const upwards = () => (chance(0.2) ? '../'.repeat(1 + below(2)) : '');
const dataPath = () => '@' + pick(['index', 'key', 'first', 'last', 'root.name', 'root.items', '../index', '../key', 'level1', 'level2.x', 'nothing', 'root', 'index.x', '[key]']);
const plainPath = (bound) => {
  if (bound.length > 0 && chance(0.4)) return pick(bound) + (chance(0.3) ? '.' + segment() : '');
  if (chance(0.15)) return pick(['this', '.', '..', '../..', './name', 'this.name', 'this/a', '../this', '../.', './[0]']);
  return upwards() + segment() + (chance(0.3) ? pick(['.', '/']) + segment() : '') + (chance(0.1) ? '.' + segment() : '');
};
const anyPath = (bound) => (chance(0.15) ? dataPath() : plainPath(bound));
const literal = () => pick(['"text"', "'te\"xt'", '"it\'s"', '"esc\\"aped"', '""', '12', '-3', '0', '1.50', 'true', 'false', 'null', 'undefined', '"name"', '"0"']);
const argument = (bound, depth) => {
  if (depth > 0 && chance(0.2)) return subexpression(bound, depth - 1);
  return chance(0.3) ? literal() : anyPath(bound);
};
const hashPairs = (bound, depth, least = 0) => {
  const keys = ['k', 'name', 'includeZero', 'a', '[odd key]', 'b'];
  let out = '';
  for (let i = least + below(3); i > 0; --i) out += gap() + keys.splice(below(keys.length), 1)[0] + pick(['=', ' = ', '=']) + argument(bound, depth);
  return out;
};
const helperCall = (bound, depth) => {
  const arg = () => gap() + argument(bound, depth);
  return pick([
    () => 'upper' + arg(), () => 'eq' + arg() + arg(), () => 'add' + arg() + arg(), () => 'safe' + arg(), () => 'pair' + arg() + arg(),
    () => 'list' + many(0, 3, arg), () => 'hashed' + hashPairs(bound, depth), () => 'lookup' + arg() + arg(), () => 'args' + many(0, 3, arg) + hashPairs(bound, depth),
    () => 'context', () => 'log' + arg(), () => 'lookup' + gap() + pick(['items', 'person', 'this', 'matrix', 'name']) + gap() + pick(['0', '"name"', '"length"', 'zero', '@index']),
  ])();
};
const subexpression = (bound, depth) => {
  const call = helperCall(bound, depth);
  return call.startsWith('safe') ? '(upper' + call.slice(4) + ')' : '(' + call + ')';
};
const strip = () => (chance(0.1) ? '~' : '');
const mustache = (bound) => {
  const inner = pick([() => anyPath(bound), () => anyPath(bound), () => helperCall(bound, 2), () => literal(), () => pick(words) + hashPairs(bound, 1)])();
  const space = chance(0.2) ? gap() : '';
  const [l, r] = [strip(), strip()];
  return pick([() => `{{${l}${space}${inner}${space}${r}}}`, () => `{{${l}${inner}${r}}}`, () => `{{${l}{${inner}}${r}}}`, () => `{{${l}&${inner}${r}}}`])();
};
const params = (list) => ' as |' + list.join(' ') + '|';
const otherwise = (bound, depth, options) => {
  if (!chance(0.5)) return '';
  if (options.chain && chance(0.4)) {
    const [condition, names] = pick([
      () => ['if ' + argument(bound, 1), []], () => ['unless ' + argument(bound, 1), []], () => ['with ' + anyPath(bound) + params(['w']), ['w']],
      () => ['each ' + anyPath(bound), []], () => ['eq ' + argument(bound, 0) + ' ' + argument(bound, 0), []],
    ])();
    return `{{${strip()}${pick(['', ' '])}else ${condition}${strip()}}}` + body([...names, ...bound], depth - 1) + otherwise(bound, depth - 1, options);
  }
  return pick([`{{${strip()}else${strip()}}}`, `{{${strip()}^${strip()}}}`, '{{ else }}']) + body(bound, depth - 1);
};
const blockOpening = (bound) => {
  const names = [`p${below(3)}`, `q${below(3)}`];
  return pick([
    () => ['if', ' ' + argument(bound, 1) + (chance(0.1) ? ' includeZero=' + pick(['true', 'false']) : ''), []],
    () => ['unless', ' ' + argument(bound, 1), []],
    () => ['each', ' ' + argument(bound, 1), []],
    () => ['each', ' ' + pick(['items', 'words', 'person', 'matrix', 'empty']), []],
    () => ['each', ' ' + pick(['items', 'words', 'person', 'matrix']) + params(names), names],
    () => ['each', ' ' + anyPath(bound) + params(names.slice(0, 1)), names.slice(0, 1)],
    () => ['with', ' ' + argument(bound, 1), []],
    () => ['with', ' ' + anyPath(bound) + params(names.slice(0, 1)), names.slice(0, 1)],
    () => [pick(words), '', []], () => [pick(['person.a', 'this', 'items', '../name', 'person', 'flag', 'words', 'nothing']), '', []],
    () => ['wrap', '', []], () => ['scope', ' ' + argument(bound, 1), []], () => ['twice', ' ' + argument(bound, 1) + params(names), names],
    () => ['lookup', ' person "name"', []],
  ])();
};
const blockStatement = (bound, depth) => {
  const [name, rest, names] = blockOpening(bound);
  const open = chance(0.12) && names.length === 0 ? '^' : '#';
  const chain = open === '#';
  return `{{${strip()}${open}${name}${rest}${strip()}}}` + lineEnd() + body([...names, ...bound], depth - 1) +
         otherwise(bound, depth, { chain }) + `{{${strip()}/${name}${strip()}}}` + lineEnd();
};
const lineEnd = () => (chance(0.4) ? pick(['\n', ' \n', '\r\n', '\n\n']) : '');
const lineStart = () => (chance(0.4) ? pick(['\n', '\n  ', '  ', '\n\t']) : '');
const partialNames = ['one', 'two', 'deep/three', 'four'];
const partialStatement = (bound, depth) => {
  const context = chance(0.3) ? ' ' + argument(bound, 1) : '';
  const hash = chance(0.4) ? hashPairs(bound, 1) : '';
  const name = pick([() => pick(partialNames), () => pick(partialNames), () => '"one"', () => "(lookup this 'pname')", () => '(safe "two")', () => pick(['i1', 'i2', 'missing', '@partial-block', 'one', 'two'])])();
  return lineStart() + `{{${strip()}> ${name}${context}${hash}${strip()}}}` + lineEnd();
};
const partialBlock = (bound, depth) => {
  const name = pick(['one', 'two', 'layout', 'missing', 'i1']);
  const hash = chance(0.3) ? hashPairs(bound, 0) : '';
  return lineStart() + `{{${strip()}#> ${name}${hash}${strip()}}}` + lineEnd() + body(bound, depth - 1) + `{{${strip()}/${name}${strip()}}}` + lineEnd();
};
const inline = (bound, depth) => lineStart() + `{{#*inline "${pick(['i1', 'i2', 'one'])}"}}` + lineEnd() + body([], depth - 1) + '{{/inline}}' + lineEnd();
const rawBlock = () => { const name = pick(['wrap', 'wrap', 'scope']); const rest = name === 'scope' ? ' name' : '';
  return `{{{{${name}${rest}}}}}` + pick(['{{x}}', ' raw {{#if}} ', '\n{{a}}\n', '', '{{{{in}}}} {{y}} {{{{/in}}}}']) + `{{{{/${name}}}}}`; };
const comment = () => lineStart() + pick(['{{! plain }}', '{{!-- {{dashed}} --}}', '{{~! left }}', '{{! right ~}}', '{{!-- both --~}}', '{{!}}', '{{!----}}']) + lineEnd();
const escape = () => pick(['\\{{name}}', '\\\\{{name}}', '\\\\\\{{name}}', 'a\\{{b}} {{c}}', '\\{{{name}}}', '\\{{a}}\\{{b}}', '\\']);
let budget = 0;
function body(bound, depth) {
  let out = '';
  for (let i = 1 + below(4); i > 0; --i) {
    if (--budget < 0) return out + text();
    const roll = random();
    if (depth > 0 && roll < 0.25) out += lineStart() + blockStatement(bound, depth);
    else if (roll < 0.5) out += mustache(bound);
    else if (roll < 0.58) out += partialStatement(bound, depth);
    else if (depth > 0 && roll < 0.62) out += partialBlock(bound, depth);
    else if (depth > 0 && roll < 0.66) out += inline(bound, depth);
    else if (roll < 0.69) out += comment();
    else if (roll < 0.71) out += escape();
    else if (roll < 0.73) out += rawBlock();
    else out += text();
  }
  return out;
}
// A template with a mistake in it, or with something unusual that is none.
const mutate = (source) => {
  const at = below(source.length + 1);
  const bits = ['{', '}', '{{', '}}', '~', '/', '#', '"', "'", '(', ')', '[', ']', '|', '@', '.', '..', '=', ' ', '\\', '^', '!', '&', 'else', 'as |x|', '{{else}}', '\n', '-', '1', '{{{{', '}}}}', '*', '>'];
  return pick([() => source.slice(0, at) + source.slice(at + 1), () => source.slice(0, at) + pick(bits) + source.slice(at), () => source.slice(0, at),
               () => source.slice(0, at) + source.slice(at + below(6))])();
};

function makeCase(seed) {
  state = seed * 7919;
  budget = 30;
  let template = body([], 3);
  const partials = { one: 'one({{name}})', two: `{{#if a}}A\n{{/if}}two {{k}}\n${chance(0.5) ? '{{> one}}\n' : ''}`, 'deep/three': many(1, 2, () => mustache([])),
                     four: '\n  {{> two}}\n{{> @partial-block}}', layout: '<{{> @partial-block}}>{{#*inline "i2"}}own{{/inline}}{{> i1}}' };
  if (chance(0.3)) { budget = 8; partials.one = body([], 1); }
  if (chance(0.25)) template = mutate(template);
  return { template, partials, data: { pname: pick(['one', 'four', 'missing']), ...makeData() }, variables: { level1: 'L1', level2: { x: 0 } },
           escape: chance(0.3), knownOnly: chance(0.15) };
}

function runCase(test) {
  const engine = Handlebars.create();
  engine.log = () => {};
  engine.registerHelper(helpers);
  engine.registerPartial(test.partials);
  const known = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  try {
    const page = engine.compile(test.template, { noEscape: !test.escape, ...(test.knownOnly ? { knownHelpers: known, knownHelpersOnly: true } : {}) });
    return { output: Buffer.from(page(test.data, { data: { ...test.variables } })).toString('utf8') };
  } catch (error) {
    return { error: String(error.message).slice(0, 200) };
  }
}

// Differences by design, which no case may touch:
// - `{{@x}}` is never a helper, and `{{if.x y}}` no call of `if`: only a single plain name calls a helper.
// - `@partial-block` as a condition is true when there is a block; Handlebars.js renders the block to find out.
// - Objects keep the order of their members; JavaScript puts keys that are whole numbers first.
// - `{{#*inline}}` without a name is an error.
// - Text that a helper marks as safe is text like any other to conditions, loops and helpers; in JavaScript it is an object.
// - A context block with parameters, `{{#name as |x|}}`, and an inline partial that uses the block parameters around it, see
//   what the reader expects; Handlebars.js mixes up or loses them.
const differs = ({ template, partials }) => {
  const all = [template, ...Object.values(partials)].join('\n');
  return /\{\{[~{&]*\s*@(upper|eq|add|safe|list|context|args)/.test(all) || /(if|unless|each|with|lookup|log|upper|wrap|scope|twice)[./]\w/.test(all) ||
         /#if @partial-block/.test(all) || /_parent|\{\{~?#\*inline ?\}\}/.test(all);
};

const count = Number(countText);
let written = 0;
for (let i = 1; written < count; ++i) {
  const test = makeCase(Number(seedText) * 1_000_000 + i);
  if (differs(test)) continue;
  const result = runCase(test);
  process.stdout.write(JSON.stringify({ ...test, ...result }) + '\n');
  ++written;
}
