using Npgsql;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos;

/// <summary>What the command line asks for.</summary>
/// <param name="HasLimits">Where there are none, what is due is fired and started in one step.</param>
/// <param name="Beside">The program of an earlier build: a node is of that one and of this one in turn.</param>
internal sealed record ChaosSettings(TimeSpan Duration, int Seed, string? Only, bool HasLimits = true, string? Beside = null, int Nodes = 3)
{
    /// <summary>Whose a node is, start after start.</summary>
    public IReadOnlyList<string> Programs => Beside is null ? [Lab.Nodes.Programs.Deployed] : [Beside, Lab.Nodes.Programs.Deployed];

    /// <summary>
    /// How the nodes differ from their defaults. Shorter times, so that minutes hold many leases and time-outs; limits, if any,
    /// on both sides, but high enough for bursts; texts that a checker can read back: which booking, which kind, which instant.
    /// </summary>
    public Dictionary<string, string> NodeSettings(string connectionString, TelegramSimulator telegram)
    {
        var settings = new Dictionary<string, string>
        {
            // As shipped, shorter than a send's lease: or a node frozen in the middle of a transaction would cost the others theirs.
            ["ConnectionString"] = $"{connectionString};Options=-c idle_in_transaction_session_timeout=3s",
            ["Telegram__BotToken"] = telegram.Token,
            ["Telegram__ApiBaseUrl"] = telegram.BaseAddress.ToString(),
            ["Telegram__SendTimeout"] = "00:00:03",
            ["Telegram__PollTimeout"] = "00:00:05",
            ["Outbox__ClaimLease"] = "00:00:04",
            ["Outbox__SendLease"] = "00:00:06",
            // A small window and a Telegram that takes its time: what is claimed then waits in a node long enough to be lost with it.
            ["Outbox__InFlight"] = "8",
            ["Outbox__RetryCap"] = "00:00:05",
            // An outage of Telegram takes seconds here, not minutes: it must not use up the tries.
            ["Outbox__MaxAttempts"] = "30",
            ["Outbox__Limits__telegram__PerSecond"] = HasLimits ? "150" : "0",
            ["Outbox__Limits__telegram__PerRecipientInterval"] = HasLimits ? "00:00:00.3" : "0",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var kind in Kinds)
        {
            settings[$"Kinds__{kind}__Templates__en__text"] = ReadableTexts.Template(kind);
        }

        return settings;
    }

    public TelegramSimulatorOptions Telegram() =>
        new()
        {
            Seed = Seed,
            EnforceLimits = HasLimits,
            PerChatPerSecond = 4,
            PerChatBurst = 1,
            PerBotPerSecond = 160,
        };

    public static readonly IReadOnlyList<string> Kinds =
    [
        "CONFIRM_2H",
        "NO_ANSWER_1H",
        "CANDIDATE_CONFIRMED",
        "CANDIDATE_DECLINED",
        "REMINDER_HELD",
        "REMINDER_SKIPPED",
    ];

    public static string Through(DatabaseProxy proxy, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Port = proxy.Port }.ConnectionString;
}

/// <summary>Texts that say of themselves what they are: the identity of a message as its reader sees it.</summary>
internal static class ReadableTexts
{
    private const string Instant = "yyyy-MM-ddTHH:mm:ss";

    public static string Template(string kind) => $"{{title}}|{kind}|{{starts_at:{Instant}}}";

    public static string Of(string booking, string kind, DateTimeOffset startsAt) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{booking}|{kind}|{startsAt.UtcDateTime.ToString(Instant, System.Globalization.CultureInfo.InvariantCulture)}"
        );
}
