// Results: their JSON, means with their errors, and the figures drawn from them.
#include "octavo/evaluate/results.h"

#include <cmath>
#include <functional>

#include "octavo/base/files.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

Figure accuracy(double right, double items) {
  return {"accuracy", MeasureKind::share, right, items};
}

EvaluationResults make_results(const std::string& model) {
  EvaluationResults results{.model = model,
                            .parameters = 3'300'000,
                            .about_model = Json::object({{"name", model}, {"parameters", 3300000}}),
                            .settings = Json::object({{"seed", 0}}),
                            .results = {}};
  for (const int64_t shots : {0, 4})
    for (const char* task : {"sums", "pairs"})
      results.results.push_back(
          {task,
           std::string(task) + ".jsonl",
           "abc",
           shots,
           100,
           {accuracy(static_cast<double>(shots) * 10 + (*task == 's' ? 10 : 20), 100),
            {"log_likelihood_per_byte", MeasureKind::mean, -30, 60},
            {"shortened_prompts", MeasureKind::count, 3, 100}}});
  return results;
}

TEST(Results, are_written_and_read_back) {
  const TemporaryFolder folder;
  const EvaluationResults results = make_results("small");
  const Json json = results.as_json();
  const Json& first = json.at("results").at(0);
  EXPECT_EQ(first.at("task").text(), "sums");
  EXPECT_EQ(first.at("shots").integer(), 0);
  EXPECT_EQ(first.at("accuracy").number(), 0.1);
  EXPECT_NEAR(first.at("standard_error").number(), 0.03, 1e-12);
  EXPECT_EQ(first.at("log_likelihood_per_byte").number(), -0.5);
  EXPECT_EQ(first.at("shortened_prompts").integer(), 3);

  write_file(folder / "small.json", json.dump(1));
  const EvaluationResults read = EvaluationResults::read(folder / "small.json");
  EXPECT_EQ(read.model, "small");
  EXPECT_EQ(read.parameters, 3'300'000);
  EXPECT_EQ(read.tasks(), (std::vector<std::string>{"sums", "pairs"}));
  EXPECT_EQ(read.shots(), (std::vector<int64_t>{0, 4}));
  const auto mean = read.mean_accuracy(4);
  ASSERT_TRUE(mean);
  EXPECT_NEAR(mean->value, 0.55, 1e-12);
  EXPECT_NEAR(mean->error, std::sqrt(0.5 * 0.5 / 100 + 0.6 * 0.4 / 100) / 2, 1e-12);
  EXPECT_FALSE(read.mean_accuracy(1));
  EXPECT_FALSE(read.accuracy("sums", 0, "choice_accuracy"));
}

TEST(Results, that_are_none_are_refused) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& text) {
    write_file(folder / "r.json", text);
    return error_of(ErrorKind::data, [&] { EvaluationResults::read(folder / "r.json"); });
  };
  std::string text = make_results("small").as_json().dump();
  const auto without = [&](const std::string& part) {
    const size_t at = text.find(part);
    EXPECT_NE(at, text.npos);
    return text.substr(0, at) + text.substr(at + part.size());
  };
  EXPECT_NE(refused(without("\"accuracy\": 0.1, ")).find("\"accuracy\""), std::string::npos);
  std::string seven = text;
  seven.replace(seven.find("\"accuracy\": 0.1"), 15, "\"accuracy\": 7.1");
  EXPECT_NE(refused(seven).find("expected a share from 0 to 1, found 7.1"), std::string::npos);
  EXPECT_NE(refused(without("\"name\": \"small\", ")).find("\"name\""), std::string::npos);
  EXPECT_NE(refused(text.substr(0, 50)).find("r.json"), std::string::npos);
  EXPECT_NE(refused("{\"model\": {\"name\": \"a\", \"parameters\": 1}, \"settings\": {}, "
                    "\"results\": []}")
                .find("found none"),
            std::string::npos);
}

TEST(Results, are_drawn_by_task_and_by_model) {
  const EvaluationResults small = make_results("small");
  const Plot tasks = plot_of_tasks(small);
  ASSERT_EQ(tasks.series.size(), 2u);
  EXPECT_EQ(tasks.series[1].name, "pairs");
  EXPECT_EQ(tasks.series[1].x, (std::vector<double>{0, 1}));
  EXPECT_EQ(tasks.x.names, (std::vector<std::string>{"0", "4"}));
  EXPECT_NEAR(tasks.series[1].y[1], 60, 1e-9);

  EvaluationResults large = make_results("large");
  large.parameters = 25'000'000;
  const std::vector<EvaluationResults> models{small, large};
  const Plot both = plot_of_models(models);
  ASSERT_EQ(both.series.size(), 2u);
  EXPECT_EQ(both.series[0].name, "small (3.3M)");
  EXPECT_EQ(both.series[1].name, "large (25M)");
  EXPECT_NEAR(both.series[0].y[0], 15, 1e-9);

  EXPECT_NE(both.title.find("mean over 2 tasks"), std::string::npos) << both.title;

  const std::vector<EvaluationResults> pairs{small.only(std::vector<std::string>{"pairs"})};
  EXPECT_NE(plot_of_models(pairs).title.find("pairs"), std::string::npos);
  EXPECT_NEAR(plot_of_models(pairs).series[0].y[1], 60, 1e-9);
  EXPECT_NE(error_of(ErrorKind::data, [&] { small.only(std::vector<std::string>{"pair"}); })
                .find("did you mean \"pairs\""),
            std::string::npos);

  large.results.pop_back();
  const std::vector<EvaluationResults> unequal{small, large};
  EXPECT_NE(error_of(ErrorKind::data, [&] { plot_of_models(unequal); })
                .find("small and large were evaluated on other tasks, files, items or shots"),
            std::string::npos);
  for (const auto& change : std::vector<std::function<void(TaskResult&)>>{
           [](TaskResult& one) { one.hash = "abd"; }, [](TaskResult& one) { one.items = 99; }}) {
    std::vector<EvaluationResults> others{small, small};
    change(others[1].results[0]);
    EXPECT_NE(error_of(ErrorKind::data, [&] { plot_of_models(others); }).find("files, items"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace octavo
