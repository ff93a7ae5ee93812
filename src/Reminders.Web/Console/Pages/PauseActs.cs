using Microsoft.AspNetCore.Http;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console.Pages;

/// <summary>What can be done to a channel, and to a kind.</summary>
internal sealed class PauseActs(KindCatalog kinds, IEnumerable<ServedChannel> served, Queues queues, Visitor visitor)
{
    private const string Pause = "pause";
    private static readonly string[] Acts = [Pause, "resume"];

    public Act<ChannelStatus>? Channel(HttpContext http, string name, string act)
    {
        if (!Acts.Contains(act) || served.All(channel => channel.Name != name))
        {
            return null;
        }

        var (until, reason, given) = Read(http);
        return Of<ChannelStatus>(
            act,
            "/cluster",
            $"/channels/{name}/{act}",
            name,
            act == Pause ? new PauseChannel(name, until.Instant, given) : new ResumeChannel(name, null, given),
            queues.OfChannel(name),
            until,
            reason
        );
    }

    public Act<KindStatus>? Kind(HttpContext http, string name, string act)
    {
        if (!Acts.Contains(act) || !kinds.Kinds.TryGetValue(name, out var kind))
        {
            return null;
        }

        var (until, reason, given) = Read(http);
        return Of<KindStatus>(
            act,
            $"/kinds/{name}",
            $"/kinds/{name}/{act}",
            visitor.Words.KindName(name),
            act == Pause ? new PauseKind(name, until.Instant, given) : new ResumeKind(name, given),
            queues.OfKind(kind),
            until,
            reason
        );
    }

    private Act<T> Of<T>(
        string act,
        string of,
        string form,
        string what,
        Commands.ICommand<Commands.Outcome<T>> command,
        Queue queue,
        (string Typed, DateTimeOffset? Instant) until,
        string reason
    )
    {
        var words = visitor.Words;
        var isWrong = until.Typed.Length > 0 && until.Instant is null;
        return new(act, of, form, words.ActOn(act, what), "/cluster", what, act == Pause && isWrong ? null : command)
        {
            Reason = reason,
            Foresee = async (_, now, stop) =>
                act == Pause
                    ? [words.WhilePaused(await queues.PausedAsync(queue, until.Instant, now, stop), visitor.Zone, now)]
                    : [words.OnceResumed(await queues.ResumedAsync(queue, now, stop), visitor.Zone, now)],
            Fields =
                act == Pause ? [new("until", words.PauseUntil(visitor.Zone.Id), "datetime-local", until.Typed, IsRequired: false)] : [],
            Problem = act == Pause && isWrong ? words.UntilWrong : null,
        };
    }

    private ((string Typed, DateTimeOffset? Instant) Until, string Reason, string Given) Read(HttpContext http)
    {
        var (until, reason) = (Typed.In(http, "until"), Typed.In(http, "reason"));
        // Before a reason is typed any will do: it makes no difference to what happens.
        return ((until, Typed.Instant(until, visitor.Zone)), reason, reason.Length == 0 ? "?" : reason);
    }
}
