using System.Text;
using Reminders.Outbox;

namespace Reminders.Integration.Tests.Documents;

/// <summary><c>docs/states.md</c> says what the comments of <see cref="MessageState"/> say.</summary>
[Trait("Suite", "Quick")]
public sealed class StatesPage
{
    [Fact]
    public Task The_states_page_is_what_the_states_say() => WrittenPage.IsAsync(Render(), "docs/states.md");

    private static string Render()
    {
        var page = new StringBuilder(
            $"""
            # The states of a message

            *Written from [MessageState.cs](../src/Reminders/Outbox/MessageState.cs) by a test. To change this page, change the comments
            there, then run the test once with `REMINDERS_RENEW_DOCS=1`.*

            {DocComments.SummaryOf(typeof(MessageState))} A move that finds another state or token changes nothing.

            ```
            {DocComments.DrawingOf(typeof(MessageState))}
            ```

            | state | final | what it means, and what moves it |
            |---|---|---|

            """
        );
        foreach (var state in Enum.GetValues<MessageState>())
        {
            page.Append(
                $"| `{state.ToColumn()}` | {(state.IsFinal() ? "yes" : "")} | "
                    + $"{DocComments.SummaryOf(typeof(MessageState).GetField($"{state}")!)} |\n"
            );
        }

        return page.Append(
                """

                Why a doubt is a state: [decision 5](decisions/05-ambiguous-is-a-state.md). What each failure leaves and who mends it:
                [the outbox](../src/Reminders/Outbox/README.md). What an operator may do with held and dead messages:
                [Operators](../src/Reminders/Outbox/Operators/README.md).

                """
            )
            .ToString();
    }
}
