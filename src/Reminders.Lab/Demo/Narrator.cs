using System.Globalization;
using Spectre.Console;

namespace Reminders.Lab.Demo;

/// <summary>Tells the story as it happens, in words for people: on standard output, or on standard error when that is a
/// program's.</summary>
internal sealed class Narrator
{
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Lock _gate = new();

    public Narrator(bool toError, TimeProvider time)
    {
        (_time, _began) = (time, time.GetTimestamp());
        var redirected = toError ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        _console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(toError ? Console.Error : Console.Out),
                Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
                Interactive = InteractionSupport.No,
            }
        );
        // Where nobody's window is known, a line stays a line.
        if (redirected)
        {
            _console.Profile.Width = 240;
        }
    }

    public TimeSpan Elapsed => _time.GetElapsedTime(_began);

    public void Chapter(string title)
    {
        lock (_gate)
        {
            _console.WriteLine();
            _console.MarkupLineInterpolated($"[bold]{title}[/]");
        }
    }

    public void Say(string what) => Line("grey", "·", what);

    public void Good(string what) => Line("green", "✓", what);

    public void Bad(string what) => Line("red", "✗", what);

    public void Alarm(string what) => Line("yellow", "!", what);

    public void Plain(string line)
    {
        lock (_gate)
        {
            _console.WriteLine(line);
        }
    }

    public void Show(Table table)
    {
        lock (_gate)
        {
            _console.WriteLine();
            _console.Write(table);
        }
    }

    private void Line(string colour, string mark, string what)
    {
        var at = Elapsed.TotalSeconds.ToString("00.0", CultureInfo.InvariantCulture).PadLeft(6);
        lock (_gate)
        {
            _console.MarkupLine($"[grey]{at} s[/] [{colour}]{mark}[/] {Markup.Escape(what)}");
        }
    }
}
