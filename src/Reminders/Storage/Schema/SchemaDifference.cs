using Reminders.Words;

namespace Reminders.Storage.Schema;

/// <summary>How much a difference from the reviewed schema matters.</summary>
internal enum Weight
{
    /// <summary>Something that is not this build's stands there; nothing of ours misses anything.</summary>
    Foreign,

    /// <summary>Everything works, and slower, or a view says something else.</summary>
    Slows,

    /// <summary>Statements fail, or a rule is not kept any more.</summary>
    Breaks,
}

/// <summary>One object that is not as it was reviewed. One of the two sides is null: it is missing, or it is not ours.</summary>
internal sealed record SchemaDifference(string Schema, SchemaObject? Reviewed, SchemaObject? Live)
{
    private const string Invalid = "; -- invalid";
    private const string NotValid = " NOT VALID";
    private const string Disabled = "; -- disabled";

    private SchemaObject Object => Reviewed ?? Live!;

    public Weight Weight =>
        (Reviewed, Object.Kind) switch
        {
            (null, _) => Weight.Foreign,
            (_, ObjectKind.Index) => Weight.Slows,
            // Gone it breaks whoever reads it; in other words it is only another answer.
            (_, ObjectKind.View) when Live is not null => Weight.Slows,
            // A storage parameter.
            (_, ObjectKind.Table) when Live is not null && !IsUnlogged => Weight.Slows,
            _ => Weight.Breaks,
        };

    /// <summary>
    /// Whether a newer build's schema that works beside this one must have it all the same: what says so only adds, so whatever is
    /// other may be as that build wants it, and what is gone was taken.
    /// </summary>
    public bool IsLost => Live is null && Weight == Weight.Breaks;

    private bool IsUnlogged => Live!.Definition.StartsWith("CREATE UNLOGGED", StringComparison.Ordinal);

    /// <summary>The object by name, and what is wrong with it: as exceptions, health and scripts say it.</summary>
    public string Says => Wording.English.Of(Said);

    /// <inheritdoc cref="Says"/>
    public Sentence Said =>
        (Reviewed, Live) switch
        {
            (_, null) => new("schema.lacks", Schema, Named),
            (null, _) => new("schema.foreign", Schema, Named),
            _ when Live.Definition.EndsWith(Invalid, StringComparison.Ordinal) => new("schema.invalid", Schema, Named),
            _ when Live.Definition.EndsWith(Disabled, StringComparison.Ordinal) => new("schema.disabled", Schema, Named),
            _ when Live.Definition == Reviewed.Definition + NotValid => new("schema.unvalidated", Schema, Named),
            _ when Live.Kind == ObjectKind.Table => new(IsUnlogged ? "schema.unlogged" : "schema.parameters", Schema, Named),
            _ when Live.Definition.Length + Reviewed.Definition.Length < 300 && !Live.Definition.Contains('\n', StringComparison.Ordinal) =>
                new("schema.instead", Schema, Named, Live.Definition, Reviewed.Definition),
            _ => new("schema.differs", Schema, Named),
        };

    private Sentence Named =>
        Object switch
        {
            { Kind: ObjectKind.Constraint } => new("schema.named", Object.Word, Object.ShortName, Object.Table),
            { Kind: ObjectKind.Column } => new("schema.named", Object.Word, Object.Name, null),
            _ => new("schema.named", Object.Word, Object.Name, Object.Table),
        };

    /// <summary>The statement that puts it right; null where a person has to decide.</summary>
    public string? Mends
    {
        get
        {
            if (Reviewed is null)
            {
                return null;
            }

            var table = $"{Schema}.{Reviewed.Table}";
            var name = Reviewed.ShortName;
            var gone = Live is null;
            return Reviewed.Kind switch
            {
                ObjectKind.Constraint when gone => $"ALTER TABLE {table} ADD {Reviewed.Definition};",
                ObjectKind.Constraint when Live!.Definition == Reviewed.Definition + NotValid =>
                    $"ALTER TABLE {table} VALIDATE CONSTRAINT {name};",
                ObjectKind.Constraint => $"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD {Reviewed.Definition};",
                ObjectKind.Column when gone => $"ALTER TABLE {table} ADD COLUMN {Reviewed.Definition};",
                ObjectKind.Column or ObjectKind.Sequence when !gone => null,
                ObjectKind.Table when !gone => IsUnlogged ? $"ALTER TABLE {Schema}.{name} SET LOGGED;" : null,
                ObjectKind.Index or ObjectKind.UniqueIndex when !gone => $"DROP INDEX {Schema}.{name}; {Reviewed.Definition}",
                ObjectKind.Trigger when !gone => $"DROP TRIGGER {name} ON {table}; {Reviewed.Definition}",
                ObjectKind.View => Reviewed.Definition.Replace("CREATE VIEW", "CREATE OR REPLACE VIEW", StringComparison.Ordinal),
                _ => Reviewed.Definition,
            };
        }
    }
}
