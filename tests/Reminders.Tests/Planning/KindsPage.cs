using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Reminders.Channels;
using Reminders.Email;
using Reminders.Kinds;
using Reminders.Telegram;
using Reminders.Tests.Architecture;
using Reminders.WhatsApp;

namespace Reminders.Tests.Planning;

/// <summary>docs/kinds.md: its blocks are kinds, each setting has a line, and what a line says of a wrong value is what is told.</summary>
public sealed partial class KindsPage
{
    private static readonly ChannelCatalog Known = new(TelegramChannel.Traits, EmailChannel.Traits, WhatsAppChannel.Traits);

    private static readonly string Page = File.ReadAllText(Path.Combine(Sources.Root(), "docs", "kinds.md"));

    [Fact]
    public void Its_blocks_are_whole_kinds()
    {
        var blocks = Sections().Select(one => Read(one.Json)).ToArray();
        Assert.Equal(["SLOT_2H", "CART_LEFT"], blocks.Select(catalog => catalog.Kinds.Keys.Single()));
    }

    [Fact]
    public void Every_setting_of_a_kind_has_a_line()
    {
        var lines = Sections().SelectMany(one => one.Lines).Select(line => line.Field.Split(':')[^1]).ToHashSet();
        Assert.Empty(
            typeof(KindDefinition)
                .GetProperties()
                .Concat(typeof(AnswerDefinition).GetProperties())
                .Where(property => property.SetMethod?.IsPublic == true)
                .Select(property => property.Name)
                .Except(lines)
        );
    }

    [Fact]
    public void Every_wrong_value_is_told_as_the_page_says()
    {
        var tried = (
            from section in Sections()
            from line in section.Lines
            where line.Key.Length > 0
            select (line.Key, line.Says, Told: ProblemOf(section.Json, line.Key, line.Value))
        ).ToArray();
        Assert.True(tried.Length > 30, $"only {tried.Length} lines were found");
        Assert.Empty(
            from one in tried
            where !one.Told.Contains(one.Says, StringComparison.Ordinal)
            select $"{one.Key}: '{one.Says}', but it is '{one.Told}'"
        );
    }

    private static string ProblemOf(string json, string key, string value)
    {
        try
        {
            Read(json, ($"Kinds:{Name().Match(json).Groups["name"].Value}:{key}", value));
            return "no problem at all";
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    private static KindCatalog Read(string json, params (string Key, string Value)[] more) =>
        KindCatalog.Read(
            new ConfigurationBuilder()
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
                .AddInMemoryCollection(more.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)))
                .Build(),
            Known
        );

    private static IEnumerable<(string Json, IReadOnlyList<(string Field, string Key, string Value, string Says)> Lines)> Sections() =>
        Page.Split("\n## ")
            .Skip(1)
            .Select(section =>
                (
                    Fenced().Match(section).Groups["json"].Value,
                    (IReadOnlyList<(string, string, string, string)>)
                        [
                            .. Line()
                                .Matches(section)
                                .Select(match =>
                                    (
                                        match.Groups["field"].Value,
                                        match.Groups["key"].Value,
                                        match.Groups["value"].Value,
                                        match.Groups["says"].Value
                                    )
                                ),
                        ]
                )
            );

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("\"Kinds\": \\{\\s+\"(?<name>[A-Z0-9_]+)\"")]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^\| `(?<field>[\w:]+)` \| [^|]+ \| (?:`(?<key>[\w:]+)=(?<value>[^`]*)`)? ?\| (?:`(?<says>[^`]+)`)? ?\|$",
        RegexOptions.Multiline
    )]
    private static partial Regex Line();
}
