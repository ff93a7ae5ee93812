using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Outbox;

/// <summary>
/// Sends what is too long for one message as several, in order. They are one message to the outbox, with one identity and one
/// lease: as soon as a first part has arrived, whatever goes wrong leaves the whole in doubt, since sending it again would
/// repeat that part.
/// </summary>
internal static class PartedSend
{
    // A 429 between two parts is waited for once, if it is short: longer, the lease runs out.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    /// <param name="pause">Between two messages to one recipient, as the channel wants it.</param>
    /// <param name="mayGoOn">Whether the message's lease still holds.</param>
    public static async Task<SendResult> SendAsync(ISender sender, Delivery delivery, TimeSpan pause, Func<bool> mayGoOn, TimeProvider time)
    {
        var all = delivery.Preceding.Count + 1;
        for (var part = 1; part < all; part++)
        {
            var result = await OneAsync(delivery with { Text = delivery.Preceding[part - 1], Preceding = [], Buttons = [] }, part);
            if (result is not SendResult.Sent)
            {
                return result;
            }

            await Task.Delay(pause, time);
        }
        return await OneAsync(delivery with { Preceding = [] }, all);

        async Task<SendResult> OneAsync(Delivery one, int part)
        {
            if (part > 1 && !mayGoOn())
            {
                return new SendResult.Uncertain($"part {part} of {all} was not sent before the lease ran out; those before it arrived")
                {
                    Code = Reasons.Of("part_late", part, all),
                };
            }

            var result = await sender.SendAsync(one, CancellationToken.None);
            if (part > 1 && result is SendResult.Throttled { Delay: var wait } && wait <= LongestWait)
            {
                await Task.Delay(wait, time);
                if (mayGoOn())
                {
                    result = await sender.SendAsync(one, CancellationToken.None);
                }
            }
            return part == 1 || result is SendResult.Sent
                ? result
                : new SendResult.Uncertain(
                    $"part {part} of {all} did not arrive for certain ({result.GetType().Name}); those before it did"
                )
                {
                    Code = Reasons.Of("part_doubt", part, all, result.GetType().Name),
                };
        }
    }
}
