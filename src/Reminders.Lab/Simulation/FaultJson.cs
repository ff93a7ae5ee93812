using System.Text.Json;

namespace Reminders.Lab.Simulation;

/// <summary>Fault rules as the control APIs speak of them.</summary>
internal static class FaultJson
{
    public static byte[] All(FaultPlan plan) =>
        SimulatorJson.Of(
            static (w, plan) =>
            {
                w.WriteStartArray();
                foreach (var rule in plan.Rules)
                {
                    w.WriteStartObject();
                    w.WriteString("kind"u8, rule.Kind.ToString());
                    w.WriteString("method"u8, rule.Method);
                    w.WriteNumber("probability"u8, rule.Probability);
                    if (rule.Next is { } next)
                    {
                        w.WriteNumber("next"u8, next);
                    }

                    if (rule.For is { } time)
                    {
                        w.WriteNumber("for_ms"u8, time.TotalMilliseconds);
                    }

                    if (rule.ChatId is { } chat)
                    {
                        w.WriteNumber("chat_id"u8, chat);
                    }

                    w.WriteEndObject();
                }

                w.WriteEndArray();
            },
            plan
        );

    /// <summary>Adds the rule, or the rules of an array.</summary>
    public static byte[] Add(FaultPlan plan, JsonElement body)
    {
        var rules = body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().Select(Read).ToArray() : [Read(body)];
        foreach (var rule in rules)
        {
            plan.Add(rule);
        }

        return All(plan);
    }

    private static FaultRule Read(JsonElement body)
    {
        var text = body.GetProperty("kind").GetString();
        if (!Enum.TryParse<FaultKind>(text, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            throw new ArgumentException($"\"{text}\" is no kind of fault. There are: {string.Join(", ", Enum.GetNames<FaultKind>())}.");
        }

        var rule = new FaultRule(kind);
        foreach (var property in body.EnumerateObject())
        {
            var value = property.Value;
            rule = property.Name switch
            {
                "kind" => rule,
                "method" => rule with { Method = value.GetString()! },
                "chat_id" => rule with { ChatId = value.GetInt64() },
                "probability" => rule with { Probability = value.GetDouble() },
                "next" => rule with { Next = value.GetInt32() },
                "for_ms" => rule with { For = TimeSpan.FromMilliseconds(value.GetDouble()) },
                "delay_ms" => rule with { Delay = TimeSpan.FromMilliseconds(value.GetDouble()) },
                "retry_after" => rule with { RetryAfter = value.GetInt32() },
                "pauses_bot" => rule with { PausesBot = value.GetBoolean() },
                _ => throw new ArgumentException(
                    $"A fault rule has no \"{property.Name}\": kind, method, chat_id, probability, next, for_ms, delay_ms, "
                        + "retry_after, pauses_bot."
                ),
            };
        }

        return rule;
    }
}
