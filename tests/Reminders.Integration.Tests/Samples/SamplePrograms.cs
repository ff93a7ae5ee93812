using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Samples;

/// <summary>A sample does what its page says when it is started as a program, on a database that has nothing in it.</summary>
public sealed partial class SamplePrograms(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ticket_desk_starts_in_development_with_its_page_and_its_sign_in()
    {
        using var program = await StartAsync("TicketDesk", "Desk__Database");
        Assert.Contains("inbox.js", await program.Http.GetStringAsync("/", Stop), StringComparison.Ordinal);
        using var signedIn = await program.Http.PostAsync("/sign-in/rita", null, Stop);
        var token = await signedIn.Content.ReadAsStringAsync(Stop);
        program.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(204, (int)(await program.Http.PutAsJsonAsync("/api/people/rita/", new { name = "Rita" }, Stop)).StatusCode);
        Assert.Equal(201, (int)(await program.Http.PostAsJsonAsync("/api/tickets/", new { title = "Printer" }, Stop)).StatusCode);
        Assert.Equal(200, (int)(await program.Http.GetAsync("/api/notifications/", Stop)).StatusCode);
    }

    [Fact]
    public async Task The_shop_takes_a_user_a_cart_and_a_purchase()
    {
        using var program = await StartAsync("Shop", "Shop__Database");
        var user = await program.Http.PutAsJsonAsync("/users/anna", new { name = "Anna", email = "anna@example.com" }, Stop);
        Assert.Equal(200, (int)user.StatusCode);
        object[] items =
        [
            new
            {
                name = "a lamp",
                count = 1,
                price = 4.5,
            },
        ];
        Assert.Equal(200, (int)(await program.Http.PutAsJsonAsync("/carts/anna", items, Stop)).StatusCode);
        Assert.Equal(200, (int)(await program.Http.PostAsync("/carts/anna/buy", null, Stop)).StatusCode);
    }

    private async Task<Program> StartAsync(string name, string database)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var folder = Repository.PathOf("samples", name, "bin", configuration, "net10.0");
        var start = new ProcessStartInfo("dotnet", [$"{name}.dll", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment[database] = await postgres.CreateEmptyDatabaseAsync();
        return await Program.StartAsync(start);
    }

    private sealed class Program(Process process) : IDisposable
    {
        public HttpClient Http { get; } = new();

        public static async Task<Program> StartAsync(ProcessStartInfo start)
        {
            var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
            var said = new List<string>();
            var process = new Process { StartInfo = start, EnableRaisingEvents = true };
            void Heard(string? line)
            {
                lock (said)
                {
                    said.Add(line ?? "");
                }

                if (line is not null && Listening().Match(line) is { Success: true } match)
                {
                    address.TrySetResult(new(match.Groups["address"].Value));
                }
            }

            process.OutputDataReceived += (_, e) => Heard(e.Data);
            process.ErrorDataReceived += (_, e) => Heard(e.Data);
            process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("It ended."));
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var program = new Program(process);
            try
            {
                program.Http.BaseAddress = await address.Task.WaitAsync(Patience, Stop);
                return program;
            }
            catch (Exception exception)
            {
                program.Dispose();
                lock (said)
                {
                    throw new InvalidOperationException(string.Join('\n', said), exception);
                }
            }
        }

        public void Dispose()
        {
            Http.Dispose();
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
    private static partial Regex Listening();
}
