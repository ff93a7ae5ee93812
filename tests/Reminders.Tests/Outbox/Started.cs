using Reminders.Channels;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

internal static class Started
{
    public static StartedMessage Message(DeliveryOperation operation = DeliveryOperation.Send, int attempts = 0) =>
        new(
            new(1, 1),
            "CONFIRM_2H",
            operation,
            "1001",
            Guid.Empty,
            attempts,
            "approved",
            Standing.Current,
            null,
            "{}",
            null,
            "Anna",
            "en",
            "UTC",
            null,
            DateTimeOffset.UnixEpoch,
            ThrottledAlone: false,
            StartIn: TimeSpan.Zero,
            UnsubscribeCode: "code",
            StableId: "1.0"
        );
}
