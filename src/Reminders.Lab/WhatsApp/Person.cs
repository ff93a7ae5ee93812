using System.Collections.Concurrent;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <summary>Somebody with a phone, as Meta holds them. Guarded by itself.</summary>
internal sealed class Person(string number)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private readonly Queue<int> _failures = new();
    private readonly Queue<int> _refusals = new();
    private DateTimeOffset _wroteAt = DateTimeOffset.MinValue;
    private FloodBucket _pair;

    public string Number => number;

    public void Wrote(DateTimeOffset at)
    {
        lock (_failures)
        {
            _wroteAt = at;
        }
    }

    public bool IsWindowOpen(DateTimeOffset now)
    {
        lock (_failures)
        {
            return now - _wroteAt < Window;
        }
    }

    /// <summary>Whether a message to them is within the pair limit, and then counts.</summary>
    public bool TakeTurn(TimeProvider time, TimeSpan interval)
    {
        lock (_failures)
        {
            return interval <= TimeSpan.Zero || _pair.Take(time, 1 / interval.TotalSeconds, 1) == 0;
        }
    }

    public void RefuseNext(int code)
    {
        lock (_failures)
        {
            _refusals.Enqueue(code);
        }
    }

    /// <summary>The code that the next call to them is refused with; null when it is not.</summary>
    public int? NextRefusal()
    {
        lock (_failures)
        {
            return _refusals.TryDequeue(out var code) ? code : null;
        }
    }

    public void FailLater(int code)
    {
        lock (_failures)
        {
            _failures.Enqueue(code);
        }
    }

    /// <summary>The code that the next accepted message fails with afterwards; null when it does not.</summary>
    public int? NextFailure()
    {
        lock (_failures)
        {
            return _failures.TryDequeue(out var code) ? code : null;
        }
    }
}

/// <summary>Everyone with a phone: whoever is written to or writes is known from then on.</summary>
internal sealed class People
{
    private readonly ConcurrentDictionary<string, Person> _all = new();

    public Person Of(string number) => _all.GetOrAdd(number.TrimStart('+'), static n => new Person(n));
}
