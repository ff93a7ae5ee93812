using Microsoft.AspNetCore.Http;
using Reminders.Commands;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <summary>What operators decide about a message.</summary>
internal sealed class MessageActs(ConsoleDatabase database, CommandTransaction transaction, MessageReader messages, Visitor visitor)
{
    private static readonly string[] Acts = ["arrived", "lost", "resend", "replay"];

    public async Task<Act<OperatorResult>?> FindAsync(HttpContext http, long id, string act)
    {
        if (
            !Acts.Contains(act)
            || await database.ReadAsync(transaction, () => messages.FindAsync(id, http.RequestAborted), http.RequestAborted)
                is not { } message
        )
        {
            return null;
        }

        var words = visitor.Words;
        var reason = Typed.In(http, "reason");
        // Before a reason is typed any will do: it makes no difference to what happens.
        var given = reason.Length == 0 ? "?" : reason;
        return new(
            act,
            $"/messages/{id}",
            $"/messages/{id}/{act}",
            words.ActOn(act, words.MessageNumber(id)),
            "/outbox",
            $"{words.KindName(message.Kind)}, {message.Occurrence.Recipient.Name}, {message.Channel}",
            act switch
            {
                "arrived" => new SettleHeld(id, Delivered: true, given),
                "lost" => new SettleHeld(id, Delivered: false, given),
                "resend" => new ResendHeld(id, given),
                _ => new ReplayDead(id, given),
            }
        )
        {
            Subject = message.Occurrence.SubjectId,
            Reason = reason,
        };
    }
}
