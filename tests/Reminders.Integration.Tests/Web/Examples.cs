using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>What the README and the API's description show can be sent as it stands there.</summary>
[Trait("Suite", "Quick")]
public sealed partial class Examples(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task Every_request_in_the_readme_is_obeyed()
    {
        var readme = await File.ReadAllTextAsync(Repository.PathOf("README.md"), TestContext.Current.CancellationToken);
        var snippets = Fence()
            .Matches(readme)
            .Select(match => match.Groups["code"].Value)
            .Where(code => code.Contains("curl ", StringComparison.Ordinal))
            .ToArray();
        Assert.True(snippets.Length >= 2, "the README shows no requests any more");
        var id = "";
        var sent = 0;
        foreach (var call in snippets.SelectMany(snippet => Calls(snippet)))
        {
            var reply = await SendAsync(call.Replace("$ID", id, StringComparison.Ordinal));
            Assert.True(reply.Status is >= 200 and < 300, $"{call}\nis answered {reply.Status}: {reply.Text}");
            if (reply.Status == 201)
            {
                id = (string)reply.Json["id"]!;
            }

            sent++;
        }
        Assert.True(sent >= 5, $"only {sent} requests were found");
    }

    [Fact]
    public async Task Every_example_of_the_description_is_obeyed()
    {
        Assert.Equal(
            200,
            (
                await _node.SendAsync(
                    HttpMethod.Put,
                    "/api/recipients",
                    """
                    {"recipients":[{"reference":"user-7","name":"Olga"},{"reference":"user-8","name":"Pavel"},{"reference":"user-9","name":"Quinn"},{"reference":"crm-4711","name":"Anna"}]}
                    """
                )
            ).Status
        );
        Assert.Equal(200, (await _node.SendAsync(HttpMethod.Put, "/api/groups/sales", """{"members":["user-7"]}""")).Status);
        await _node.ScalarAsync<long>(
            "INSERT INTO reminders.incident (id, channel, began_at, reason) OVERRIDING SYSTEM VALUE VALUES (7, "
                + "'telegram', "
                + "now(), 'it took nothing') RETURNING id"
        );
        var api = (await _node.GetAsync("/openapi/v1.json", "")).Json;
        var sent = 0;
        var operations =
            from path in api["paths"]!.AsObject()
            from part in path.Value!.AsObject()
            where part.Key is "post" or "put"
            select (path.Key, part.Key, part.Value!);
        foreach (var (path, method, operation) in operations)
        {
            foreach (var example in ExamplesIn((string?)operation["description"] ?? ""))
            {
                var reply = await _node.SendAsync(
                    new HttpMethod(method.ToUpperInvariant()),
                    await PathAsync(path),
                    example,
                    _node.Operator
                );
                Assert.True(reply.Status is >= 200 and < 300, $"{method} {path} {example}\nis answered {reply.Status}: {reply.Text}");
                sent++;
            }
        }
        Assert.True(sent >= 12, $"only {sent} examples were found");
        foreach (
            var query in (string[])
                [
                    "DELETE /api/notifications?type=cart&subject=cart-42",
                    "GET /api/notifications/explain?type=cart&subject=cart-42",
                    "GET /api/outbox?state=dead&kind=CONFIRM_2H&size=100",
                ]
        )
        {
            var (method, path) = (query.Split(' ')[0], query.Split(' ')[1]);
            Assert.Contains(path, api.ToJsonString().Replace("\\u0026", "&", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(200, (await _node.SendAsync(new HttpMethod(method), path, null, _node.Operator)).Status);
        }
    }

    private static IEnumerable<string> ExamplesIn(string description)
    {
        foreach (var fence in JsonFence().Matches(description).Select(match => match.Groups["code"].Value.Trim()))
        {
            // One example over several lines, or one a line.
            foreach (var json in IsJson(fence) ? [fence] : fence.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return json;
            }
        }
        foreach (
            var inline in Inline()
                .Matches(JsonFence().Replace(description, ""))
                .Select(match => match.Groups["code"].Value)
                .Where(code => !code.Contains("\"count\"", StringComparison.Ordinal) && !code.Contains('…', StringComparison.Ordinal))
        )
        {
            yield return inline;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is not null;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private async Task<string> PathAsync(string path)
    {
        if (path.StartsWith("/api/outbox/{id}", StringComparison.Ordinal))
        {
            return path.Replace(
                "{id}",
                $"{(await HeldMessage.CreateAsync(_node, path.EndsWith("/replay", StringComparison.Ordinal) ? "dead" : "uncertain")).Id}",
                StringComparison.Ordinal
            );
        }

        if (path.Contains("/bookings/{id}", StringComparison.Ordinal))
        {
            var booking = await _node.BookAsync();
            if (path.EndsWith("/answer", StringComparison.Ordinal))
            {
                Assert.Equal(200, (await _node.PostAsync($"/api/bookings/{booking}/approve")).Status);
            }

            return path.Replace("{id}", booking, StringComparison.Ordinal);
        }
        if (path.StartsWith("/api/channels/", StringComparison.Ordinal))
        {
            return path.Replace("{name}", "telegram", StringComparison.Ordinal);
        }

        if (path.StartsWith("/api/kinds/", StringComparison.Ordinal))
        {
            return path.Replace("{name}", "CONFIRM_2H", StringComparison.Ordinal);
        }

        return path.Replace("{name}", "support", StringComparison.Ordinal).Replace("{reference}", "user-9", StringComparison.Ordinal);
    }

    /// <summary>The arguments of each curl in a snippet, as its shell gives them: one a line here, so that a $(date) is what it is
    /// there.</summary>
    private static List<string> Calls(string snippet)
    {
        var script = "curl() { printf '%s\\x1f' \"$@\"; printf '\\x1e'; }\n" + snippet.Replace("$ID", "\\$ID", StringComparison.Ordinal);
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-euc", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["KEY"] = "the-key" },
            }
        )!;
        var output = shell.StandardOutput.ReadToEnd();
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, errors);
        return [.. output.Split('\x1e', StringSplitOptions.RemoveEmptyEntries)];
    }

    private async Task<Reply> SendAsync(string call)
    {
        var arguments = call.Split('\x1f', StringSplitOptions.RemoveEmptyEntries);
        using var request = new HttpRequestMessage();
        for (var at = 0; at < arguments.Length; at++)
        {
            switch (arguments[at])
            {
                case "-s":
                    break;
                case "-X":
                    request.Method = new HttpMethod(arguments[++at]);
                    break;
                case "-H":
                    var (name, value) = (arguments[++at].Split(": ")[0], arguments[at].Split(": ")[1]);
                    if (name == "Authorization")
                    {
                        request.Headers.Authorization = new AuthenticationHeaderValue(
                            "Bearer",
                            value == "Bearer the-key" ? _node.Recruiter : value
                        );
                    }
                    else if (name != "Content-Type")
                    {
                        request.Headers.TryAddWithoutValidation(name, value);
                    }

                    break;
                case "-d":
                    request.Content = new StringContent(arguments[++at], Encoding.UTF8, "application/json");
                    if (request.Method == HttpMethod.Get)
                    {
                        request.Method = HttpMethod.Post;
                    }

                    break;
                default:
                    request.RequestUri = new Uri(_node.Http.BaseAddress!, new Uri(arguments[at]).PathAndQuery);
                    break;
            }
        }
        return await _node.SendAsync(request);
    }

    [GeneratedRegex("^```sh\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("```json\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonFence();

    [GeneratedRegex("`(?<code>\\{\".*?\\})`", RegexOptions.Singleline)]
    private static partial Regex Inline();
}
