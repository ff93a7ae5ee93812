using System.Text;
using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Documents;

/// <summary><c>docs/metrics.md</c> is what the sources say of each instrument, where it is made.</summary>
[Trait("Suite", "Quick")]
public sealed partial class MetricsPage
{
    private const string Head = """
        # Metrics

        *Written from the sources by a test. To change this page, change what an instrument is described by, then run the test once with
        `REMINDERS_RENEW_DOCS=1`.*

        All are of the meter `Reminders`, each node's own: add them up. They go where `Telemetry:OtlpEndpoint` says, and in an app that
        embeds the engine wherever the app's meter provider sends `AddMeter("Reminders")`. Of several installations in one process each
        has a meter of its own, with its name as the tag `reminders.installation`. Which are worth an alarm:
        [running it](running.md#metrics-and-traces).

        | metric | type | unit | |
        |---|---|---|---|

        """;

    [Fact]
    public Task The_metrics_page_is_what_the_instruments_say() => WrittenPage.IsAsync(Render(), "docs/metrics.md");

    /// <summary>One that is made in another way would be on no page.</summary>
    [Fact]
    public void Every_instrument_is_found_with_its_unit_and_its_words()
    {
        var names = Sources().SelectMany(text => Name().Matches(text)).Select(match => match.Value).Distinct().Order().ToArray();
        Assert.True(names.Length > 15, $"only {names.Length} names were found");
        Assert.Equal(names, Instruments().Select(one => $"\"{one.Name}\"").Order());
        Assert.DoesNotContain(Instruments(), one => one.Words.Length < 10 || one.Unit.Length == 0);
    }

    private static string Render() =>
        Instruments()
            .Aggregate(new StringBuilder(Head), (page, one) => page.Append($"| `{one.Name}` | {one.Type} | `{one.Unit}` | {one.Words} |\n"))
            .ToString();

    private static IReadOnlyList<(string Name, string Type, string Unit, string Words)> Instruments() =>
        [
            .. Sources()
                .SelectMany(text => Made().Matches(text))
                .Select(match =>
                    (
                        match.Groups["name"].Value,
                        match.Groups["type"].Value switch
                        {
                            "UpDownCounter" => "up and down",
                            "ObservableGauge" => "gauge",
                            var other => other.ToLowerInvariant(),
                        },
                        match.Groups["unit"].Value,
                        match.Groups["words"].Value
                    )
                )
                .OrderBy(one => one.Item1, StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Sources() =>
        from project in (string[])["Reminders", "Reminders.Telegram", "Reminders.Email", "Reminders.WhatsApp", "Reminders.Web"]
        from file in Directory.EnumerateFiles(Repository.PathOf($"src/{project}"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        let text = File.ReadAllText(file)
        where text.Contains(".Create", StringComparison.Ordinal)
        select text;

    [GeneratedRegex(
        """"
            \.Create(?<type>\w*(?:Counter|Gauge|Histogram))(?:<\w+>)?\(\s*"(?<name>reminders\.[a-z._]+)",[^"]*(?:"loop"[^"]*)?"(?<unit>[^"]+)",\s*"(?<words>[^"]+)"
            """"
    )]
    private static partial Regex Made();

    [GeneratedRegex("(?<=\\(\\s*)\"reminders\\.[a-z._]+\"(?=,)")]
    private static partial Regex Name();
}
