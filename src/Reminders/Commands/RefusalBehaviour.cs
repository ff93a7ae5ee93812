using MediatR;
using Reminders.Channels;

namespace Reminders.Commands;

/// <summary>A command whose refusals are on record as its deeds are.</summary>
internal interface IAudited
{
    /// <summary>As the audit calls the deed: <c>booking.approve</c>.</summary>
    string Action { get; }

    /// <summary>What it would have been done to: <c>booking 7c1…</c>.</summary>
    string About { get; }
}

/// <summary>
/// Writes down what was asked for and not done, for how things stand or because there is no such thing of theirs, whoever asked and
/// from where. What was wrong with the request itself is nobody's deed.
/// </summary>
internal sealed class RefusalBehaviour<TRequest, TResult>(Audit audit) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
{
    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        var result = await next();
        if (request is IAudited audited && result is IOutcome { Refusal: { } refusal })
        {
            await audit.RefuseAsync(audited.Action, audited.About, OutsideText.Clean(refusal, 1000), cancellationToken);
        }

        return result;
    }
}
