namespace Reminders.Settings;

/// <summary>The engine's own settings, at the root of the configuration.</summary>
public sealed class RemindersOptions
{
    /// <summary>
    /// The PostgreSQL 15 (or newer) database the whole cluster shares, as Npgsql takes it
    /// (<c>Host=…;Username=…;Password=…;Database=…</c>). Required.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// What stands between this node and PostgreSQL: <c>None</c>, <c>Session</c> or <c>Transaction</c>. Default: not set, and
    /// then a pooler in session mode does as well as none. What is set is compared with what answers, at every start.
    /// </summary>
    public Pooling? Pooling { get; set; }

    /// <summary>
    /// The same database past the pooler, or by a pool in session mode: for LISTEN, migrations and Quartz, a dozen connections
    /// a node. Required with <see cref="Pooling"/> Transaction. Default none: everything goes by <see cref="ConnectionString"/>.
    /// </summary>
    public string? DirectConnectionString { get; set; }

    /// <summary>What operators call this machine, of which 60 characters are kept; a random suffix makes each process distinct. Default:
    /// the host's name.</summary>
    public string NodeName { get; set; } = Environment.MachineName;

    /// <summary>
    /// Where people reach this service from outside, such as <c>https://reminders.example.com/</c>: goes into the
    /// unsubscribe links of mail and the answer links of kinds that want one. Default none, and then mail has no such link.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Whether a node brings the database to its schema when it starts. Default true; false where DDL is done by others.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>
    /// The database schema of the engine's own tables. Another one is another installation, which shares nothing with this one
    /// but the server. 1 to 40 of a-z, 0-9 and _. Default <c>reminders</c>.
    /// </summary>
    public string Schema { get; set; } = SchemaNames.DefaultEngine;

    /// <summary>The database schema of Quartz's tables, one per installation. 1 to 40 of a-z, 0-9 and _. Default <c>quartz</c>.</summary>
    public string QuartzSchema { get; set; } = SchemaNames.DefaultQuartz;

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(NodeName))
        {
            yield return "NodeName is empty: it should be what operators call this machine, or left out for the host's name.";
        }

        if (Pooling == Settings.Pooling.Transaction && string.IsNullOrWhiteSpace(DirectConnectionString))
        {
            yield return "Pooling is Transaction and DirectConnectionString is missing: LISTEN, migrations and "
                + "Quartz need "
                + "sessions of their own, so it should be a connection string that goes past the pooler.";
        }

        if (SchemaNames.Problem(Schema) is { } wrong)
        {
            yield return $"Schema is '{Schema}': {wrong}";
        }

        if (SchemaNames.Problem(QuartzSchema) is { } wrongToo)
        {
            yield return $"QuartzSchema is '{QuartzSchema}': {wrongToo}";
        }

        if (Schema == QuartzSchema)
        {
            yield return $"Schema and QuartzSchema are both '{Schema}': they should be two schemas.";
        }

        if (PublicUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || !url.AbsolutePath.EndsWith('/')))
        {
            yield return $"PublicUrl is '{url}': it must be an http(s) address that ends in a "
                + "slash, such as "
                + "https://reminders.example.com/.";
        }
    }
}
