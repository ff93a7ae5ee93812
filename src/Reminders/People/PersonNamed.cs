using Reminders.Commands;

namespace Reminders.People;

/// <summary>The one person whom a caller's reference names, or how they are told that there is none, or several.</summary>
internal static class PersonNamed
{
    /// <returns>
    /// The person's number; or a refusal: Conflict where several owners have one of that reference, NotFound where the caller has
    /// nobody, whoever else may.
    /// </returns>
    public static async Task<(long? Id, Outcome<T>? Refused)> PersonAsync<T>(
        this OwnedNames names,
        string reference,
        CancellationToken cancellationToken
    )
    {
        var found = await names.RecipientAsync(reference, cancellationToken);
        return found switch
        {
            { IsAmbiguous: true } => (null, Outcome<T>.Conflict.Of(found.Question("several_recipients"))),
            { Id: { } id } => (id, null),
            _ => (null, Nobody<T>(reference)),
        };
    }

    public static Outcome<T> Nobody<T>(string reference) => Outcome<T>.NotFound.Of("no_recipient", FieldErrors.Cut(reference));
}
