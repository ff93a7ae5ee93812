using Npgsql;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Subjects;

/// <summary>
/// Brings everything about a subject in line with the subject as it now is. Run in the transaction that changed it,
/// after the change: whatever is no longer wanted and has not left a node is cancelled, what is in flight or in doubt is
/// marked, and what was delivered with buttons is edited.
/// <para>
/// Two orders make this race-free, both in READ COMMITTED. The subject's row is locked first, by the change itself, so
/// that changes and planning of one subject come one after another. Then occurrences, then messages, in one round trip but
/// each statement with a snapshot of its own: a firing or a start that held a row before us has committed by the time we get it, and the
/// next statement sees what it wrote; one that comes after us finds the row cancelled.
/// </para>
/// </summary>
internal static class SubjectFence
{
    /// <param name="batch">What is to be done before in the same round trip; that and this answer with no rows.</param>
    /// <param name="by">Whose change it was, for the ledger.</param>
    /// <param name="editable">
    /// The channels whose messages can be changed. Everywhere else an edit that nobody can make would only cost a turn of the
    /// recipient's limit.
    /// </param>
    public static void Add(NpgsqlBatch batch, SchemaNames names, long subjectId, string by, string[] editable)
    {
        Add("Subjects/Sql/fence-planned.sql", subjectId, by);
        Add("Subjects/Sql/fence-unsent.sql", subjectId, by, editable);
        Add("Subjects/Sql/fence-digest.sql", subjectId, by);
        Add("Subjects/Sql/fence-edits.sql", subjectId, by);
        Add("Subjects/Sql/fence-delivered.sql", subjectId, editable);

        void Add(string name, params object[] values) => batch.BatchCommands.Add(names.BatchCommand(Statement.Named(name)).With(values));
    }
}
