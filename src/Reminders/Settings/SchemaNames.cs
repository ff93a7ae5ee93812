using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Npgsql;

namespace Reminders.Settings;

/// <summary>
/// How this installation's two schemas are called. Every statement in the source says <c>reminders.</c> and <c>quartz.</c>,
/// and <c>'reminders_…'</c> (or <c>NOTIFY reminders_…</c>) for a NOTIFY channel; what is sent says the names that are set, so that
/// two installations share a database and hear nothing of each other.
/// </summary>
internal sealed partial class SchemaNames
{
    public const string DefaultEngine = "reminders";
    public const string DefaultQuartz = "quartz";

    // Room for what is appended to a name (reminders_outbox) within PostgreSQL's 63 bytes.
    public const int LongestName = 40;

    public static readonly SchemaNames Default = new(DefaultEngine, DefaultQuartz);

    private readonly bool _areDefault;

    // By reference: statements are constants, hashing three thousand letters for each would cost more than the look-up, and
    // one that was put together for a single use goes away with it.
    private readonly ConditionalWeakTable<string, string> _renamed = [];

    public SchemaNames(string engine, string quartz) =>
        (Engine, Quartz, _areDefault) = (engine, quartz, engine == DefaultEngine && quartz == DefaultQuartz);

    /// <summary>The engine's own schema; its NOTIFY channels, Quartz's cluster and the migration lock are named after it.</summary>
    public string Engine { get; }

    /// <summary>Where Quartz's tables are.</summary>
    public string Quartz { get; }

    /// <summary>A statement with this installation's names in it.</summary>
    public string In(string sql) => _areDefault ? sql : _renamed.GetValue(sql, Rename);

    /// <summary>The name of a NOTIFY channel, given the default's.</summary>
    public string Channel(string name) => Engine + name[DefaultEngine.Length..];

    /// <summary>The default's name of a NOTIFY channel that was heard.</summary>
    public string Heard(string channel) =>
        channel.StartsWith(Engine + "_", StringComparison.Ordinal) ? DefaultEngine + channel[Engine.Length..] : channel;

    /// <summary>A statement of a batch, with this installation's names in it.</summary>
    public NpgsqlBatchCommand BatchCommand(string sql)
    {
#pragma warning disable RS0030 // This is where the names are put in.
        return new(In(sql));
#pragma warning restore RS0030
    }

    /// <summary>A statement on a connection, with this installation's names in it.</summary>
    public NpgsqlCommand Command(string sql, NpgsqlConnection connection)
    {
#pragma warning disable RS0030 // This is where the names are put in.
        return new(In(sql), connection);
#pragma warning restore RS0030
    }

    /// <summary>Why a name cannot be a schema's here, as the rest of a sentence; null when it can.</summary>
    public static string? Problem(string name) =>
        !Allowed().IsMatch(name) || name.Length > LongestName
            ? $"it should be 1 to {LongestName} of a-z, 0-9 and _, and begin with no digit."
        : name.StartsWith("pg_", StringComparison.Ordinal) || name is "information_schema" or "public"
            ? "it should be a schema of its own, and this one is PostgreSQL's."
        : Reserved.Contains(name) ? "it should be a name, and this is a word of SQL."
        : null;

    // What PostgreSQL takes for a schema only in quotes, and Quartz puts its prefix into statements as it is.
    private static readonly HashSet<string> Reserved =
    [
        .. """
            all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
            concurrently constraint create cross current_catalog current_date current_role current_schema current_time
            current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
            full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
            localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right
            select session_user similar some symmetric table tablesample then to trailing true union unique user using variadic
            verbose when where window with
            """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private string Rename(string sql) => DefaultName().Replace(sql, match => match.Value == DefaultQuartz ? Quartz : Engine);

    // A schema's name before a dot, after the word SCHEMA or as a regnamespace, or the beginning of a channel's.
    [GeneratedRegex(
        """
            (?<![\w."])(?:reminders|quartz)(?=\.[a-z_"])
            |(?<=\bSCHEMA\ |to_regnamespace\(')(?:reminders|quartz)\b
            |(?<=')(?:reminders|quartz)(?='::regnamespace)
            |(?<=')reminders(?=_[a-z_]+')
            |(?<=\bNOTIFY\ )reminders(?=_[a-z_]+)
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex DefaultName();

    [GeneratedRegex(@"^[a-z_][a-z0-9_]*\z")]
    private static partial Regex Allowed();
}
