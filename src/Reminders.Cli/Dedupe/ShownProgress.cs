using Spectre.Console;

namespace Reminders.Cli.Dedupe;

/// <summary>A bar at a terminal; a line every few seconds where nobody's window is known.</summary>
internal static class ShownProgress
{
    public static Task<T> WatchAsync<T>(IAnsiConsole console, bool redirected, TimeProvider time, Func<IDedupeProgress, Task<T>> run) =>
        redirected
            ? run(new Lines(console, time))
            : console
                .Progress()
                .AutoClear(false)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left },
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new RemainingTimeColumn(),
                    new SpinnerColumn()
                )
                .StartAsync(async context =>
                {
                    var bar = new Bar(context);
                    var result = await run(bar);
                    bar.Finish();
                    return result;
                });

    private sealed class Bar(ProgressContext context) : IDedupeProgress
    {
        private ProgressTask? _pass;

        public void Say(string what)
        {
            Finish();
            _pass = context.AddTask(Markup.Escape(what), maxValue: 1);
            _pass.IsIndeterminate = true;
        }

        public void Finish()
        {
            if (_pass is null)
            {
                return;
            }

            _pass.IsIndeterminate = false;
            _pass.Value = _pass.MaxValue;
            _pass.StopTask();
        }

        public void Moved(long done, long total)
        {
            if (_pass is null || _pass.IsIndeterminate || _pass.IsFinished)
            {
                Finish();
                _pass = context.AddTask("moving", maxValue: total);
            }
            _pass.Description = $"moving: {DedupeReport.Number(done)} of {DedupeReport.Number(total)}";
            _pass.Value = done;
        }
    }

    private sealed class Lines(IAnsiConsole console, TimeProvider time) : IDedupeProgress
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
        private long _said = time.GetTimestamp();

        public void Say(string what) => console.WriteLine(what);

        public void Moved(long done, long total)
        {
            if (done < total && time.GetElapsedTime(_said) < Every)
            {
                return;
            }

            _said = time.GetTimestamp();
            // Copies that came since the count are moved too.
            console.WriteLine($"moved {DedupeReport.Number(done)} of {DedupeReport.Number(Math.Max(done, total))}");
        }
    }
}
