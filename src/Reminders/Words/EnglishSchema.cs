namespace Reminders.Words;

/// <summary>How a schema differs from the reviewed one.</summary>
internal static class EnglishSchema
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["schema.lacks"] = "{0} lacks the {1}",
        ["schema.foreign"] = "{0} has the {1}, which is not of this build",
        ["schema.invalid"] = "{0}: the {1} is invalid",
        ["schema.disabled"] = "{0}: the {1} is disabled",
        ["schema.unvalidated"] = "{0}: the {1} was never validated",
        ["schema.unlogged"] = "{0}: the {1} is unlogged, and empty after a crash",
        ["schema.parameters"] = "{0}: the {1} has other storage parameters",
        ["schema.instead"] = "{0}: the {1} is \"{2}\" instead of \"{3}\"",
        ["schema.differs"] = "{0}: the {1} is another than this build's",
        ["schema.named"] = "{0:@object} {1}[ of {2}]",
        ["schema.other_script"] =
            "The database was made with another script {0} than this build's (checksum {1}, here {2}): run the build it was "
            + "made with, or migrate a new database with this one and move the data.",
        ["schema.too_new"] =
            "The database has script {0} of a newer build, which works beside builds from script {1} on; this build ends with"
            + " {2}: run the newer build.",
        ["object.sequence"] = "sequence",
        ["object.table"] = "table",
        ["object.column"] = "column",
        ["object.constraint"] = "constraint",
        ["object.unique index"] = "unique index",
        ["object.index"] = "index",
        ["object.function"] = "function",
        ["object.view"] = "view",
        ["object.trigger"] = "trigger",
        ["whose.server"] = "server",
        ["whose.database"] = "database",
        ["whose.role"] = "role",
    };
}
