using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using Reminders.Apps;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Inbound;
using Reminders.Lists;
using Reminders.Notifications;

namespace Reminders;

/// <summary>
/// The engine, to the app that it is in. Safe to use from anywhere and at once. Each call is one transaction of its own, or part of the
/// app's (<see cref="Within(DbTransaction)"/>): then the app's change and what people are told of it come about together, or neither does.
/// </summary>
/// <remarks>A refusal is a <see cref="RemindersRefusedException"/>: the app's transaction does not commit without its reminders.</remarks>
public interface IReminders
{
    /// <summary>The same, in a transaction of the app's, on the database that the engine uses.</summary>
    /// <remarks>Triggers and wake-ups follow the app's commit, also when this process dies right after it.</remarks>
    /// <exception cref="ArgumentException">It is not Npgsql's, or is over.</exception>
    IReminders Within(DbTransaction transaction);

    /// <summary>The same for EF Core: <c>await db.Database.BeginTransactionAsync()</c>.</summary>
    /// <inheritdoc cref="Within(DbTransaction)"/>
    IReminders Within(IDbContextTransaction transaction);

    /// <summary>The same for a TransactionScope: on an open connection that is part of it.</summary>
    /// <inheritdoc cref="Within(DbTransaction)"/>
    IReminders Within(DbConnection connection);

    /// <summary>The same in somebody's name.</summary>
    /// <param name="name">What the ledger and the audit say of who it was. Default <c>app</c>.</param>
    /// <param name="owner">Whose objects are meant and made, such as a tenant's. Empty: the installation's own, and those of all.</param>
    IReminders By(string name, string owner = "");

    /// <inheritdoc cref="ApplySubject"/>
    /// <exception cref="RemindersRefusedException">It cannot be; the message names the field and the value.</exception>
    Task<SubjectApplied> ApplyAsync(Subject subject, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Notify"/>
    /// <exception cref="RemindersRefusedException">It cannot be; the message names the field and the value.</exception>
    Task<NotifyResult> NotifyAsync(Notify notification, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="CancelNotifications"/>
    /// <exception cref="RemindersRefusedException">It cannot be; the message names the field and the value.</exception>
    Task<CancelResult> CancelAsync(string type, string key, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="RecordSubjectAnswer"/>
    /// <exception cref="RemindersRefusedException">It cannot be; the message names the field and the value.</exception>
    Task<SubjectAnswered> RecordAnswerAsync(RecordSubjectAnswer answer, CancellationToken cancellationToken = default);

    /// <summary>What became of everything about a subject, and why; null when nothing was ever asked for about it.</summary>
    Task<SubjectStory?> ExplainAsync(string type, string key, CancellationToken cancellationToken = default);

    /// <summary>Messages in whatever state, the newest first, page by page.</summary>
    /// <exception cref="RemindersRefusedException">It cannot be read; the message names the field and the value.</exception>
    Task<ListPage<ListedMessage>> ListAsync(ListRequest request, CancellationToken cancellationToken = default);

    /// <summary>Any other of the engine's commands: bookings, people, groups, answers by hand.</summary>
    /// <exception cref="RemindersRefusedException">It was refused; the message names the field and the value.</exception>
    Task<T> SendAsync<T>(ICommand<Outcome<T>> command, CancellationToken cancellationToken = default);
}

/// <summary>The engine refused what the app asked for. Nothing was changed.</summary>
public sealed class RemindersRefusedException : Exception
{
    internal RemindersRefusedException(string message, IReadOnlyDictionary<string, string[]>? errors = null)
        : base(message) => Errors = errors ?? new Dictionary<string, string[]>();

    /// <summary>Each wrong field, with what is wrong about the value it had; empty when it was refused for how things stand.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }
}
