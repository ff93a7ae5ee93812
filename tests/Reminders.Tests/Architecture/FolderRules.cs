using System.Text.RegularExpressions;

namespace Reminders.Tests.Architecture;

/// <summary>
/// Which folder or project may know which library. It reads the sources, not the assembly: a constant, an attribute or a
/// using that is never used leaves no trace in the compiled code.
/// </summary>
public sealed partial class FolderRules
{
    private static readonly string[] Database = ["Microsoft.EntityFrameworkCore", "Npgsql"];
    private static readonly string[] Engine = ["Quartz", "MediatR", .. Database];
    private static readonly string[] Mail = ["MailKit", "MimeKit", "Org.BouncyCastle"];
    private static readonly string[] Libraries = [.. Engine, .. Mail, "Telegram.Bot"];

    // What may be taken as a library: the engine and its channels.
    private static IEnumerable<Sources.Source> Libraried =>
        Sources.All.Where(source => source.Project is "Reminders" or "Reminders.Email" or "Reminders.Telegram" or "Reminders.WhatsApp");

    [Fact]
    public void Only_Scheduling_imports_Quartz() =>
        Assert.Empty(Offenders(path => path.StartsWith("Reminders/Scheduling/", StringComparison.Ordinal) ? [] : ["Quartz"]));

    [Fact]
    public void Channels_import_no_database_scheduler_or_mediator() =>
        Assert.Empty(
            Offenders(path =>
                path.StartsWith("Reminders/Channels/", StringComparison.Ordinal)
                || path.StartsWith("Reminders.Email/", StringComparison.Ordinal)
                    ? Engine
                    : []
            )
        );

    [Fact]
    public void Only_the_Telegram_channel_imports_its_library() =>
        Assert.Empty(Offenders(path => path.StartsWith("Reminders.Telegram/", StringComparison.Ordinal) ? [] : ["Telegram.Bot"]));

    [Fact]
    public void Only_the_email_channel_imports_what_speaks_mail() =>
        Assert.Empty(Offenders(path => path.StartsWith("Reminders.Email/", StringComparison.Ordinal) ? [] : Mail));

    /// <summary>Whoever takes the engine takes no provider's library with it: not in its own list, and in none that it refers to.</summary>
    [Fact]
    public void The_engine_brings_no_provider()
    {
        var project = File.ReadAllText(Path.Combine(Sources.Root(), "src", "Reminders", "Reminders.csproj"));
        Assert.DoesNotMatch("ProjectReference|Telegram\\.Bot|MailKit|MimeKit", project);
    }

    /// <summary>A channel's name stands in one place; whoever wants to know something of a channel asks its traits.</summary>
    [Theory]
    [InlineData("telegram", "Reminders/Channels/ChannelNames.cs")]
    [InlineData("email", "Reminders/Channels/ChannelNames.cs")]
    // The second is a word of Meta's that happens to be the same.
    [InlineData("whatsapp", "Reminders.WhatsApp/WhatsAppChannel.cs", "Reminders.WhatsApp/WhatsAppRequests.cs")]
    public void A_channel_is_named_in_one_place(string name, params string[] places) =>
        Assert.Equal(
            places,
            Libraried
                .Where(source => Regex.IsMatch(source.Text, $"[\"']{name}[\"']"))
                .Select(source => $"{source.Project}/{source.Path}")
                .Order(StringComparer.Ordinal)
        );

    /// <summary>What is marked so takes <c>now</c> as an argument, and can be tested for any instant.</summary>
    [Fact]
    public void What_is_pure_imports_no_library_and_asks_no_clock_and_no_chance()
    {
        var pure = Sources.Engine.Where(source => PureMark().IsMatch(source.Code)).ToArray();
        Assert.Contains(pure, source => source.Path == "Outbox/Verdicts.cs");
        Assert.All(
            pure,
            source =>
            {
                Assert.All(source.Usings, import => Assert.Matches(@"^(System|Reminders)\b", import));
                Assert.Empty(Imports(source.Text));
                Assert.DoesNotMatch(@"\b(TimeProvider|Stopwatch|UtcNow|Environment|File)\b|\bRandom\b|\basync\b", source.Code);
            }
        );
    }

    [Theory]
    [InlineData("using Quartz;", "Quartz")]
    [InlineData("using Quartz.Impl.Matchers;", "Quartz")]
    [InlineData("global using static Npgsql.NpgsqlConnection;", "Npgsql")]
    [InlineData("    using Db = Microsoft.EntityFrameworkCore.DbContext;", "Microsoft.EntityFrameworkCore")]
    [InlineData("var x = new Npgsql.NpgsqlConnection();", "Npgsql")]
    [InlineData("global::MediatR.IMediator mediator;", "MediatR")]
    [InlineData("using Telegram.Bot.Types;", "Telegram.Bot")]
    public void An_import_is_found_in_each_of_its_forms(string source, string library) =>
        Assert.Equal([library], Imports(source).Intersect(Libraries));

    [Theory]
    [InlineData("// using Quartz; is for Scheduling")]
    [InlineData("/// See Quartz.IJob.")]
    [InlineData("/* Npgsql.NpgsqlConnection */")]
    [InlineData("var text = \"Quartz.NET decides\";")]
    [InlineData("using Reminders.Quartz;")]
    [InlineData("using Reminders.Channels.Telegram.Bot;")]
    [InlineData("var quartz = MyQuartz.Value;")]
    public void A_word_in_a_comment_or_text_or_in_another_name_is_no_import(string source) =>
        Assert.Empty(Imports(source).Intersect(Libraries));

    /// <summary>One line for each file and library that do not go together, such as <c>Outbox/Claim.cs imports Quartz</c>.</summary>
    /// <param name="forbiddenIn">By the file's path below src.</param>
    private static string[] Offenders(Func<string, string[]> forbiddenIn) =>
        [
            .. from source in Libraried
            let path = $"{source.Project}/{source.Path}"
            from library in Imports(source.Text).Intersect(forbiddenIn(path))
            orderby path
            select $"{path} imports {library}",
        ];

    private static IEnumerable<string> Imports(string source)
    {
        var code = Sources.CodeOf(source);
        return Libraries.Where(library =>
            Regex.IsMatch(
                code,
                $@"(?<![\w.]){Regex.Escape(library)}\s*(\.|;)|=\s*{Regex.Escape(library)}\b|global::{Regex.Escape(library)}\b"
            )
        );
    }

    [GeneratedRegex(@"^\[Pure\]", RegexOptions.Multiline)]
    private static partial Regex PureMark();
}
