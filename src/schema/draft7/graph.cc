#include "schema/draft7/graph.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace genkit::internal {
namespace {

/// Walks the edges of a node that lead to checks of the same value: only they can run in a circle.
template <class Visit>
void for_each_edge_in_place(SchemaNode& node, const Visit& visit) {
  if (node.general) {
    GeneralRules& rules = *node.general;
    for (auto* list : {&rules.all_of, &rules.any_of, &rules.one_of}) {
      for (const SchemaNode*& target : *list) visit(target);
    }
    for (auto* edge : {&rules.none_of, &rules.condition, &rules.consequence, &rules.alternative}) {
      if (*edge != nullptr) visit(*edge);
    }
  }
  if (node.object) {
    for (DependencyRule& rule : node.object->dependencies) {
      if (rule.node != nullptr) visit(rule.node);
    }
  }
}

template <class Visit>
void for_each_edge(SchemaNode& node, const Visit& visit) {
  for_each_edge_in_place(node, visit);
  if (node.array) {
    for (const SchemaNode*& target : node.array->tuple) visit(target);
    if (node.array->rest != nullptr) visit(node.array->rest);
    if (node.array->contains != nullptr) visit(node.array->contains);
  }
  if (node.object) {
    ObjectRules& rules = *node.object;
    for (PropertyRule& property : rules.properties) {
      if (property.node != nullptr) visit(property.node);
    }
    for (PatternRule& pattern : rules.patterns) visit(pattern.node);
    if (rules.additional != nullptr) visit(rules.additional);
    if (rules.names != nullptr) visit(rules.names);
  }
}

}  // namespace

const SchemaNode* resolve_references(SchemaProgram& program) {
  std::vector<SchemaNode*> chain;
  for (SchemaNode& start : program.nodes) {
    chain.clear();
    SchemaNode* node = &start;
    while (node->reference != nullptr) {
      chain.push_back(node);
      if (chain.size() > program.nodes.size()) return &start;
      node = const_cast<SchemaNode*>(node->reference);
    }
    // Chains share their tails; each tail is walked once.
    for (SchemaNode* link : chain) link->reference = node;
  }
  auto skip = [](const SchemaNode*& target) {
    if (target->reference != nullptr) target = target->reference;
  };
  for (SchemaNode& node : program.nodes) for_each_edge(node, skip);
  skip(program.root);
  return nullptr;
}

const SchemaNode* find_circle_in_place(SchemaProgram& program) {
  enum class Visited { kOpen, kDone };
  std::unordered_map<const SchemaNode*, Visited> visited;
  std::vector<std::pair<SchemaNode*, bool>> stack;  // the node, and whether all below it is done
  const SchemaNode* circle = nullptr;
  for (SchemaNode& start : program.nodes) {
    if (!start.general && !start.object) continue;
    stack.emplace_back(&start, false);
    while (!stack.empty() && circle == nullptr) {
      auto [node, below_done] = stack.back();
      stack.pop_back();
      if (below_done) {
        visited[node] = Visited::kDone;
        continue;
      }
      if (!visited.emplace(node, Visited::kOpen).second) continue;
      stack.emplace_back(node, true);
      for_each_edge_in_place(*node, [&, from = node](const SchemaNode*& target) {
        auto seen = visited.find(target);
        if (seen == visited.end()) {
          stack.emplace_back(const_cast<SchemaNode*>(target), false);
        } else if (seen->second == Visited::kOpen) {
          circle = from;
        }
      });
    }
    if (circle != nullptr) return circle;
  }
  return nullptr;
}

}  // namespace genkit::internal
