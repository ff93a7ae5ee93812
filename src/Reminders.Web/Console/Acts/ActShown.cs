namespace Reminders.Web.Console.Acts;

/// <summary>The step before an act: what it would do, and the form that does it.</summary>
/// <param name="Of">The page of what it is done to.</param>
/// <param name="Form">Where it is posted to.</param>
/// <param name="What">That, in words.</param>
/// <param name="Rehearsed">What it would do; null where something has to be typed first.</param>
/// <param name="Problem">Why the form came back; null the first time.</param>
/// <param name="Seen">The revision that is shown: on another one nothing is done.</param>
/// <param name="Reason">As it was typed; null where none is asked for.</param>
/// <param name="Fields">What it depends on.</param>
/// <param name="IsPersonal">Whether that is in no address.</param>
/// <param name="Number">How many it is about, to be typed; null where that is not asked for.</param>
/// <param name="Once">Makes two clicks one act.</param>
internal sealed record ActShown(
    string Act,
    string Of,
    string Form,
    string What,
    Rehearsed? Rehearsed,
    string? Problem,
    string Seen,
    string? Reason,
    IReadOnlyList<TypedField> Fields,
    bool IsPersonal,
    long? Number,
    string Once
);
