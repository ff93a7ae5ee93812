namespace Reminders.Cli.Dedupe;

/// <summary>One part of what should be unique: a column, or an expression over one row.</summary>
/// <param name="Name">As it was given, for people.</param>
/// <param name="Expression">As PostgreSQL itself writes it, every name in it with its schema: safe under any search_path.</param>
/// <param name="IsColumn">Whether it is a column's name alone.</param>
/// <param name="IsText">Whether it can be empty.</param>
/// <param name="Equality">The very operator that the index compares with: citext's is not text's.</param>
internal sealed record DedupeKey(string Name, string Expression, bool IsColumn, bool IsText, string Equality);
