#ifndef GENKIT_LLAMACPP_STRUCTURED_TEST_CASES_H_
#define GENKIT_LLAMACPP_STRUCTURED_TEST_CASES_H_

namespace genkit::llama {

/// A schema of a kind that people write, and a prompt for it.
struct StructuredCase {
  const char* name;
  const char* prompt;
  const char* schema;
};

/// For the bench, and a few of them for a test.
inline constexpr StructuredCase kStructuredCases[] = {
    {"flat", "Invent a person.",
     R"({"type":"object","properties":{"name":{"type":"string","maxLength":40},"age":{"type":"integer","minimum":0,"maximum":120},
        "email":{"type":"string","format":"email"}},"required":["name","age"],"additionalProperties":false})"},
    {"nested", "Describe a house.",
     R"({"type":"object","properties":{"address":{"type":"object","properties":{"street":{"type":"string","maxLength":40},
        "city":{"type":"string","maxLength":30},"zip":{"type":"string","pattern":"^[0-9]{5}$"}},"required":["street","city","zip"]},
        "rooms":{"type":"integer","minimum":1,"maximum":20}},"required":["address","rooms"]})"},
    {"optional", "Describe a book.",
     R"({"type":"object","properties":{"title":{"type":"string","maxLength":60},"subtitle":{"type":"string","maxLength":60},
        "pages":{"type":"integer","minimum":1,"maximum":2000},"author":{"type":"string","maxLength":40}},"required":["title"]})"},
    {"enum", "Is the sky blue on a clear day?", R"({"enum":["yes","no","maybe"]})"},
    {"enums", "Choose a shirt.",
     R"({"type":"object","properties":{"size":{"enum":["S","M","L","XL"]},"color":{"enum":["red","green","blue","black"]},
        "kind":{"const":"shirt"}},"required":["size","color","kind"]})"},
    {"array", "List animals.",
     R"({"type":"array","items":{"type":"string","minLength":2,"maxLength":20},"minItems":3,"maxItems":6})"},
    {"objects", "List ingredients of a cake.",
     R"({"type":"array","items":{"type":"object","properties":{"name":{"type":"string","maxLength":20},
        "grams":{"type":"number","exclusiveMinimum":0,"maximum":1000}},"required":["name","grams"]},"minItems":1,"maxItems":4})"},
    {"tuple", "Where is Paris? Latitude, longitude, name.",
     R"({"type":"array","items":[{"type":"number","minimum":-90,"maximum":90},
        {"type":"number","minimum":-180,"maximum":180},{"type":"string","maxLength":20}],"additionalItems":false,"minItems":3})"},
    {"integers", "Choose lottery numbers.",
     R"({"type":"array","items":{"type":"integer","minimum":1,"maximum":49},"minItems":6,"maxItems":6})"},
    {"steps", "What does it cost?",
     R"({"type":"object","properties":{"price":{"type":"number","minimum":0,"maximum":500,"multipleOf":0.05},
        "count":{"type":"integer","multipleOf":12,"minimum":12,"maximum":144}},"required":["price","count"]})"},
    {"dates", "When was the meeting?",
     R"({"type":"object","properties":{"day":{"type":"string","format":"date"},"begin":{"type":"string","format":"date-time"},
        "lasts":{"type":"string","format":"duration"}},"required":["day","begin","lasts"]})"},
    {"formats", "Describe a server.",
     R"({"type":"object","properties":{"id":{"type":"string","format":"uuid"},"address":{"type":"string","format":"ipv4"},
        "page":{"type":"string","format":"uri"}},"required":["id","address"]})"},
    {"pattern", "Invent a licence plate.", R"({"type":"string","pattern":"^[A-Z]{1,3}-[A-Z]{1,2} [1-9]\\d{0,3}$"})"},
    {"nullable", "Describe a film.",
     R"({"type":"object","properties":{"title":{"type":"string","maxLength":40},"sequel":{"type":["string","null"],"maxLength":40},
        "rating":{"anyOf":[{"type":"number","minimum":0,"maximum":10},{"type":"null"}]}},"required":["title","sequel","rating"]})"},
    {"union", "Draw a figure.",
     R"({"anyOf":[{"type":"object","properties":{"kind":{"const":"circle"},"radius":{"type":"number","exclusiveMinimum":0,"maximum":100}},
        "required":["kind","radius"],"additionalProperties":false},{"type":"object","properties":{"kind":{"const":"square"},"side":{"type":"number","exclusiveMinimum":0,"maximum":100}},
        "required":["kind","side"],"additionalProperties":false}]})"},
    {"one-of", "How can we reach you?",
     R"({"oneOf":[{"type":"object","properties":{"phone":{"type":"string","pattern":"^\\+?[0-9]{6,12}$"}},"required":["phone"],
        "additionalProperties":false},{"type":"object","properties":{"email":{"type":"string","format":"email"}},"required":["email"],"additionalProperties":false}]})"},
    {"recursion", "Describe a folder with files.", R"({"type":"object","properties":{"name":{"type":"string","maxLength":12},
        "children":{"type":"array","items":{"$ref":"#"},"maxItems":2}},"required":["name"],"additionalProperties":false})"},
    {"references", "Describe a journey.",
     R"({"type":"object","properties":{"from":{"$ref":"#/definitions/Place"},"to":{"$ref":"#/definitions/Place"}},"required":["from","to"],
        "definitions":{"Place":{"type":"object","properties":{"city":{"type":"string","maxLength":20},"country":{"type":"string","minLength":2,"maxLength":2}},"required":["city","country"]}}})"},
    {"map", "Count the fruits in a basket.",
     R"({"type":"object","additionalProperties":{"type":"integer","minimum":0,"maximum":50},"propertyNames":{"pattern":"^[a-z]{3,12}$"},
        "minProperties":1,"maxProperties":4})"},
    {"all-of", "Describe an employee.",
     R"({"allOf":[{"type":"object","properties":{"name":{"type":"string","maxLength":30}},"required":["name"]},
        {"properties":{"salary":{"type":"integer","minimum":1000,"maximum":99999},"boss":{"type":"boolean"}},"required":["salary"]}]})"},
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_STRUCTURED_TEST_CASES_H_
