namespace Reminders.Storage;

/// <summary>What a failure says of the database, and so what is done about it. <see cref="Faults"/> tells them apart.</summary>
internal enum Fault
{
    /// <summary>Nothing: it is not the database's failure.</summary>
    None,

    /// <summary>The database's answer to what it was asked, and it would be its answer again: a constraint, a right, a value it cannot
    /// hold.</summary>
    Refusal,

    /// <summary>Another transaction was chosen, or this one is over: the same may succeed when it is begun again.</summary>
    Contention,

    /// <summary>The call was given up, on this side or on that one.</summary>
    GivenUp,

    /// <summary>The session leads to a server that takes no writes.</summary>
    ReadOnly,

    /// <summary>The server is gone, goes, is full, cannot read its disk, or lets nobody in.</summary>
    Away,

    /// <summary>A prepared statement is another client's: a pooler gives each transaction any session, and nobody said so.</summary>
    SharedSession,
}
