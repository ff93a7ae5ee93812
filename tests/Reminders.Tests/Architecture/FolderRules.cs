using System.Text.RegularExpressions;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Tests.Architecture;

/// <summary>
/// Which folder of the engine may know which library. It reads the sources, not the assembly: a constant, an attribute or a
/// using that is never used leaves no trace in the compiled code.
/// </summary>
public sealed partial class FolderRules
{
    private static readonly string[] Database = ["Microsoft.EntityFrameworkCore", "Npgsql"];
    private static readonly string[] Engine = ["Quartz", "MediatR", .. Database];
    private static readonly string[] Mail = ["MailKit", "MimeKit", "Org.BouncyCastle"];
    private static readonly string[] Libraries = [.. Engine, .. Mail, "Telegram.Bot"];

    [Fact]
    public void Only_Scheduling_imports_Quartz() =>
        Assert.Empty(Offenders(path => path.StartsWith("Scheduling/", StringComparison.Ordinal) ? [] : ["Quartz"]));

    [Fact]
    public void Channels_import_no_database_scheduler_or_mediator() =>
        Assert.Empty(Offenders(path => path.StartsWith("Channels/", StringComparison.Ordinal) ? Engine : []));

    [Fact]
    public void Only_the_Telegram_channel_imports_its_library() =>
        Assert.Empty(Offenders(path => path.StartsWith("Channels/Telegram/", StringComparison.Ordinal) ? [] : ["Telegram.Bot"]));

    [Fact]
    public void Only_the_email_channel_imports_what_speaks_mail() =>
        Assert.Empty(Offenders(path => path.StartsWith("Channels/Email/", StringComparison.Ordinal) ? [] : Mail));

    /// <summary>They take <c>now</c> as an argument, so each can be tested for any instant.</summary>
    [Theory]
    [InlineData("Ledger/ReminderPlan.cs")]
    [InlineData("Inbound/AnswerRules.cs")]
    [InlineData("Outbox/Verdicts.cs")]
    [InlineData("Outbox/RetryPolicy.cs")]
    [InlineData("Outbox/MessageState.cs")]
    [InlineData("Outbox/ButtonData.cs")]
    [InlineData("Bookings/BookingRules.cs")]
    [InlineData("Commands/FieldErrors.cs")]
    public void What_decides_imports_only_the_base_library_and_asks_no_clock(string file)
    {
        string source = File.ReadAllText(Path.Combine(Root(), "src", "Reminders", file));
        string code = CommentsAndTexts().Replace(source, " ");
        Assert.All(
            Usings().Matches(code).Select(match => match.Groups[1].Value),
            import => Assert.Matches(@"^(System(\.(Globalization|Text|Collections\.Generic|Diagnostics))?|Reminders\.(Channels|Commands|Kinds|Zones))$", import));
        Assert.Empty(Imports(source));
        Assert.DoesNotMatch(@"\b(TimeProvider|Stopwatch|UtcNow)\b|\bRandom\b|\basync\b", code);
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
    /// <param name="forbiddenIn">By the file's path below the engine.</param>
    private static string[] Offenders(Func<string, string[]> forbiddenIn)
    {
        string engine = Path.Combine(Root(), "src", "Reminders");
        return
        [
            .. from file in Directory.EnumerateFiles(engine, "*.cs", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(engine, file).Replace('\\', '/')
               where path.Split('/')[0] is not ("bin" or "obj")
               let forbidden = forbiddenIn(path)
               where forbidden.Length > 0
               from library in Imports(File.ReadAllText(file)).Intersect(forbidden)
               orderby path
               select $"{path} imports {library}",
        ];
    }

    private static IEnumerable<string> Imports(string source)
    {
        string code = CommentsAndTexts().Replace(source, " ");
        return Libraries.Where(library => Regex.IsMatch(
            code, $@"(?<![\w.]){Regex.Escape(library)}\s*(\.|;)|=\s*{Regex.Escape(library)}\b|global::{Regex.Escape(library)}\b"));
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reminders.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"No Reminders.sln above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Usings();

    // An interpolation's hole goes with its text: good enough, as a type is seldom named in full inside one.
    [GeneratedRegex(""""//[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|@"(?:""|[^"])*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'"""", RegexOptions.Singleline)]
    private static partial Regex CommentsAndTexts();
}
