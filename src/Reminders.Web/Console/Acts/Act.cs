using Reminders.Commands;

namespace Reminders.Web.Console.Acts;

/// <summary>Something that somebody is about to do, as it stands now: it is looked up anew for each page.</summary>
/// <param name="Name">What is done: "approve", "pause". Also the last part of its path.</param>
/// <param name="Of">The page of what it is done to.</param>
/// <param name="Form">Where it is asked about, and posted to.</param>
/// <param name="Entry">The menu's entry that it belongs to.</param>
/// <param name="What">What it is done to, in words.</param>
/// <param name="Command">What does it; null where something has to be typed first.</param>
internal sealed record Act<T>(string Name, string Of, string Form, string Title, string Entry, string What, ICommand<Outcome<T>>? Command)
{
    /// <summary>Tells what it would do, where it is too much to be done for that; null: the command does.</summary>
    public ICommand<Outcome<T>>? Trial { get; init; }

    /// <summary>What is said of it where it is not tried out, since nobody waits that long for a page; null: it is.</summary>
    public IReadOnlyList<string>? Untried { get; init; }

    /// <summary>What its consequences are read of; null: of nothing.</summary>
    public long? Subject { get; init; }

    /// <summary>The revision that is shown: on another one nothing is done.</summary>
    public int? Seen { get; init; }

    /// <summary>The reason as it was typed; null where none is asked for.</summary>
    public string? Reason { get; init; }

    /// <summary>What has to be, or may be, typed before it can be said what it would do.</summary>
    public IReadOnlyList<TypedField> Fields { get; init; } = [];

    /// <summary>Whether what is typed is somebody's, and so is in no address.</summary>
    public bool IsPersonal { get; init; }

    /// <summary>What it would come to besides, in words, asked once it is done; null where its rows say it all.</summary>
    public Func<T, DateTimeOffset, CancellationToken, Task<IReadOnlyList<string>>>? Foresee { get; init; }

    /// <summary>What is wrong with what was typed or chosen; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>How many it is about, which is typed before it is done; null where that is not asked for.</summary>
    public long? Number { get; init; }

    /// <summary>Where to go when it is done; null: to the page of what it was done to.</summary>
    public Func<T, string>? Then { get; init; }
}

/// <summary>Something as it was typed.</summary>
/// <param name="Field">Its name in forms.</param>
/// <param name="Type">As HTML calls it: datetime-local, text.</param>
/// <param name="IsRequired">Whether there is nothing to say without it.</param>
internal sealed record TypedField(string Field, string Label, string Type, string Typed, bool IsRequired);
