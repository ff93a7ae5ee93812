using Reminders.Commands;
using Reminders.Words;

namespace Reminders.Lists;

/// <summary>What somebody has of a message that they look for; null stands for nothing.</summary>
/// <param name="About">The key of its subject, or that one's type and key.</param>
/// <param name="Name">Its recipient's reference, or the beginning of their name.</param>
/// <param name="ProviderId">What the provider calls it.</param>
/// <param name="Reasons">What its reason is like, as patterns.</param>
internal sealed record MessageQuestion(string? About, string? Name, string? ProviderId, string[]? Reasons)
{
    /// <returns>Null where nothing is asked.</returns>
    public static MessageQuestion? Read(ListRequest request, FieldErrors errors)
    {
        var question = new MessageQuestion(
            Given("about", request.About, 270),
            Given("name", request.Name, 200),
            Given("providerId", request.ProviderId, 200),
            ReasonSearch.Patterns(Given("reason", request.Reason, 300))
        );
        return question is { About: null, Name: null, ProviderId: null, Reasons: null } ? null : question;

        string? Given(string field, string? text, int longest)
        {
            errors.Text(field, text, longest, required: false);
            return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        }
    }
}
