#include "prompt/prompt_files.h"

#include <array>

#include "prompt/prompt_test_support.h"

namespace genkit {
namespace {

using internal::PromptFiles;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(PromptFiles, AreNamedByFolderNameAndVariant) {
  const TempFolder folder;
  folder.write("tell_joke.prompt", "1");
  folder.write("tell_joke.short.prompt", "2");
  folder.write("mail/welcome.prompt", "3");
  folder.write("mail/_signature.prompt", "4");
  folder.write("notes.txt", "5");
  folder.write(".git/x.prompt", "6");
  PromptFiles files({.directory = folder.path()});

  EXPECT_THAT(files.names(), ElementsAre("mail/welcome", "tell_joke", "tell_joke.short"));
  EXPECT_EQ(*files.find("mail/welcome")->text, "3");
  EXPECT_EQ(files.find("mail/welcome")->path, folder.path("mail/welcome.prompt"));
  EXPECT_EQ(*files.find_partial("signature"), "4");
  EXPECT_FALSE(files.find("signature"));
  EXPECT_FALSE(files.find_partial("welcome"));
}

TEST(PromptFiles, NeedNoDirectory) {
  PromptFiles missing({.directory = "/nowhere/at/all"});
  PromptFiles none({});

  EXPECT_THAT(missing.names(), IsEmpty());
  EXPECT_FALSE(missing.find("x"));
  EXPECT_FALSE(none.find("x"));
}

TEST(PromptFiles, RefuseNamesThatLeadOut) {
  const TempFolder folder;
  folder.write("secret.prompt", "x");
  folder.write("prompts/a.prompt", "x");
  PromptFiles files({.directory = folder.path("prompts")});

  for (const char* name : {"../secret", "a/../../secret", "/etc/passwd", "..", "..\\secret"}) {
    EXPECT_THAT(error_of([&] { files.find(name); }), HasStatus(Status::kInvalidArgument)) << name;
  }
  EXPECT_FALSE(files.find("a..b"));
}

TEST(PromptFiles, RefuseLinksThatLeadOut) {
  const TempFolder folder;
  folder.write("secret/x.prompt", "secret");
  folder.write("prompts/a.prompt", "x");
  std::filesystem::create_symlink(folder.path("secret/x.prompt"), folder.path("prompts/link.prompt"));
  std::filesystem::create_directory_symlink(folder.path("secret"), folder.path("prompts/folder"));
  std::filesystem::create_symlink(folder.path("prompts/a.prompt"), folder.path("prompts/inside.prompt"));
  std::filesystem::create_directory_symlink(folder.path("prompts"), folder.path("prompts/loop"));
  LogLines log;
  PromptFiles files({.directory = folder.path("prompts"), .logger = log.logger()});

  const auto error = error_of([&] { files.find("link"); });

  EXPECT_THAT(error, HasStatus(Status::kPermissionDenied));
  EXPECT_THAT(error, HasMessage(HasSubstr("link.prompt\" is a link that leaves the prompt directory")));
  EXPECT_FALSE(files.find("folder/x"));
  EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("leads out of the prompt directory")));
  EXPECT_EQ(*files.find("inside")->text, "x");
}

TEST(PromptFiles, RefuseALinkThatTookThePlaceOfAFile) {
  const TempFolder folder;
  folder.write("secret/a.prompt", "secret");
  folder.write("prompts/a.prompt", "x");
  folder.write("prompts/sub/a.prompt", "x");
  folder.write("prompts/b.prompt", "b");
  folder.write("prompts/c.prompt", "c");
  PromptFiles files({.directory = folder.path("prompts")});
  files.names();

  for (const char* name : {"prompts/a.prompt", "prompts/sub", "prompts/b.prompt"}) folder.remove(name);
  std::filesystem::create_symlink(folder.path("secret/a.prompt"), folder.path("prompts/a.prompt"));
  std::filesystem::create_directory_symlink(folder.path("secret"), folder.path("prompts/sub"));
  std::filesystem::create_symlink(folder.path("prompts/c.prompt"), folder.path("prompts/b.prompt"));

  for (const char* name : {"a", "sub/a"}) {
    const auto error = error_of([&] { files.find(name); });
    EXPECT_THAT(error, HasStatus(Status::kPermissionDenied)) << name;
    EXPECT_THAT(error, HasMessage(HasSubstr("is a link that leaves the prompt directory"))) << name;
  }
  EXPECT_EQ(*files.find("b")->text, "c");
}

TEST(PromptFiles, FindAChangedFileOnlyWhenTheyReload) {
  const TempFolder folder;
  folder.write("a.prompt", "old");
  PromptFiles once({.directory = folder.path()});
  PromptFiles reloading({.directory = folder.path(), .reload = true});
  const auto before = reloading.find("a")->text;
  once.find("a");
  EXPECT_EQ(reloading.find("a")->text, before);

  folder.write("a.prompt", "new");
  folder.write("b.prompt", "added");

  EXPECT_EQ(*reloading.find("a")->text, "new");
  EXPECT_EQ(*reloading.find("b")->text, "added");
  EXPECT_EQ(*once.find("a")->text, "old");
  EXPECT_FALSE(once.find("b"));

  folder.remove("a.prompt");

  EXPECT_FALSE(reloading.find("a"));
  EXPECT_EQ(*once.find("a")->text, "old");
}

TEST(PromptFiles, TakeWhatIsEmbeddedWhenThereIsNoFile) {
  const TempFolder folder;
  folder.write("a.prompt", "file");
  folder.write("_p.prompt", "file partial");
  constexpr std::array<EmbeddedPrompt, 4> kEmbedded{
      {{"a.prompt", "embedded"}, {"sub/b.prompt", "embedded b"}, {"_p.prompt", "embedded partial"}, {"_q.prompt", "q"}}};
  PromptFiles both({.directory = folder.path(), .embedded = kEmbedded, .reload = true});
  PromptFiles alone({.embedded = kEmbedded});

  EXPECT_EQ(*both.find("a")->text, "file");
  EXPECT_EQ(*both.find("sub/b")->text, "embedded b");
  EXPECT_EQ(*both.find_partial("p"), "file partial");
  EXPECT_EQ(*both.find_partial("q"), "q");
  EXPECT_EQ(*alone.find("a")->text, "embedded");
  EXPECT_THAT(alone.names(), ElementsAre("a", "sub/b"));
}

TEST(PromptFiles, RefuseAPartialThatIsThereTwice) {
  const TempFolder folder;
  folder.write("a/_p.prompt", "1");
  folder.write("b/_p.prompt", "2");
  PromptFiles files({.directory = folder.path()});

  EXPECT_THAT(error_of([&] { files.find_partial("p"); }),
              HasMessage(HasSubstr("a/_p.prompt\" and \"" + folder.path("b/_p.prompt"))));
}

}  // namespace
}  // namespace genkit
