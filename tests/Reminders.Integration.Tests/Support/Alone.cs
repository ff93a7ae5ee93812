namespace Reminders.Integration.Tests.Support;

/// <summary>Tests that measure a rate or catch a moment in flight: other tests beside them would be what they measure.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
