// Runs the templates that handlebars_cases.mjs generated and compares with what Handlebars.js made of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string>
#include <vector>

#include <genkit/prompt/template.h>

namespace genkit {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    // As far as the generator's texts need it.
    if (out[i] == '\xc3' && i + 1 < out.size() && out[i + 1] == '\xa9') out[i + 1] = '\x89';
    out[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[i])));
  }
  return out;
}

std::size_t utf16_size(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) units += (c & 0xc0) == 0x80 ? 0 : static_cast<unsigned char>(c) >= 0xf0 ? 2 : 1;
  return units;
}

void define_helpers(TemplateEnvironment& environment) {
  environment.define_helper("upper", [](const HelperCall& call) { return upper(call.text(0)); });
  environment.define_helper("eq", [](const HelperCall& call) { return Json(call.same(0, 1)); });
  environment.define_helper("add", [](const HelperCall& call) -> Json {
    if (!call[0].is_number() || !call[1].is_number()) return "NaN";
    return call[0].to_number<double>() + call[1].to_number<double>();
  });
  environment.define_helper("safe", [](const HelperCall& call) { return SafeText{std::string(call.text(0))}; });
  environment.define_helper("pair", [](const HelperCall& call) { return Json{{"left", call[0]}, {"right", call[1]}}; });
  environment.define_helper("list", [](const HelperCall& call) {
    JsonArray list;
    for (std::size_t i = 0; i < call.size(); ++i) list.push_back(call[i]);
    return Json(list);
  });
  environment.define_helper("hashed", [](const HelperCall& call) {
    std::string out;
    if (call.size() > 0) call.fail("takes no arguments");
    std::vector<std::string_view> keys = call.hash_keys();
    std::sort(keys.begin(), keys.end());
    for (const std::string_view key : keys) {
      if (!out.empty()) out += ';';
      out.append(key).append("=");
      if (const Json* value = call.hash(key)) out += Template("{{this}}").render(*value);
    }
    return out;
  });
  environment.define_helper("wrap", [](const HelperCall& call) {
    if (!call.is_block()) call.fail("needs a block");
    return "[" + call.fn() + "|" + call.inverse() + "]";
  });
  environment.define_helper("scope", [](const HelperCall& call) {
    if (!call.is_block()) call.fail("needs a block");
    return call.fn(call[0]);
  });
  environment.define_helper("twice", [](const HelperCall& call) {
    if (!call.is_block()) call.fail("needs a block");
    const Json parameters = {call[0], 2};
    const std::string once = call.fn(call[0], {.block_params = &parameters});
    return once + call.fn(call[0], {.block_params = &parameters});
  });
  environment.define_helper("context", [](const HelperCall& call) -> Json {
    const Json& context = call.context();
    if (context.is_object()) return context.get_object().size();
    if (context.is_array()) return context.get_array().size();
    if (context.is_string()) return static_cast<std::int64_t>(utf16_size(context.get_string()));
    return 0;
  });
  environment.define_helper("args", [](const HelperCall& call) { return Json(call.size()); });
}

std::string run(const Json& test, bool& failed) {
  try {
    TemplateEnvironment environment;
    environment.set_logger(Logger([](const LogRecord&) {}));
    define_helpers(environment);
    for (const auto& partial : test.at("partials").get_object()) {
      environment.define_partial(std::string(partial.key()), std::string(partial.value().get_string()));
    }
    const Template page(std::string_view(test.at("template").get_string()), environment,
                        {.escape_html = test.at("escape").get_bool(), .known_helpers_only = test.at("knownOnly").get_bool()});
    return page.render(test.at("data"), test.at("variables"));
  } catch (const Error& error) {
    failed = true;
    return error.what();
  }
}

TEST(HandlebarsDifferential, AgreesWithHandlebarsJsOnGeneratedTemplates) {
  std::ifstream file(GENKIT_HANDLEBARS_CASES);
  ASSERT_TRUE(file) << "no generated cases at " << GENKIT_HANDLEBARS_CASES;
  int rendered = 0;
  int refused = 0;
  int different = 0;
  for (std::string line; std::getline(file, line);) {
    const Json test = parse_json(line);
    const Json* output = find_member(test, "output");
    bool failed = false;
    const std::string actual = run(test, failed);
    (output ? rendered : refused) += 1;

    const bool same = output ? !failed && actual == std::string_view(output->get_string()) : failed;
    if (same || ++different > 10) continue;
    ADD_FAILURE() << "template: " << to_text(test.at("template")) << "\npartials: " << to_text(test.at("partials"))
                  << "\ndata: " << to_text(test.at("data")) << "\nescape: " << test.at("escape")
                  << " knownOnly: " << test.at("knownOnly")
                  << "\nHandlebars.js: " << (output ? to_text(*output) : to_text(test.at("error")))
                  << "\ngenkit:        " << (failed ? actual : to_text(Json(actual)));
  }
  RecordProperty("rendered", rendered);
  RecordProperty("refused", refused);
  EXPECT_EQ(different, 0) << "of " << rendered + refused << " templates";
  EXPECT_GE(rendered, 2000);
}

}  // namespace
}  // namespace genkit
