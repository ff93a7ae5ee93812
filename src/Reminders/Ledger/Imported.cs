namespace Reminders.Ledger;

/// <summary>An occurrence that another system told before this one came: <c>reminders import</c> wrote it as fired.</summary>
internal static class Imported
{
    /// <summary>Its reason, in the ledger's column.</summary>
    public const string Reason = "imported";
}
