using System.Reflection;
using System.Runtime.CompilerServices;
using Reminders.Email;
using Reminders.Telegram;
using Reminders.Web;
using Reminders.WhatsApp;

namespace Reminders.Tests.Architecture;

/// <summary>
/// Several installations live in one process, so what is static is everybody's: it is a constant, or remembers what is true for all of them.
/// </summary>
public sealed class OneProcess
{
    // A template parsed, a culture and a zone found: whoever asks, the answer is the same.
    private static readonly string[] Remembers = ["TextCulture.Known", "TextTemplate.Parsed", "ZoneNames.Known"];

    private static readonly Assembly[] Engine =
    [
        typeof(RemindersBuilder).Assembly,
        typeof(TelegramServices).Assembly,
        typeof(EmailServices).Assembly,
        typeof(WhatsAppServices).Assembly,
        typeof(RemindersWeb).Assembly,
    ];

    [Fact]
    public void Nothing_static_belongs_to_one_installation() =>
        Assert.Equal(
            Remembers,
            Engine
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => !IsGenerated(type))
                .SelectMany(type =>
                    type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                )
                .Where(field => !field.IsLiteral && (!field.IsInitOnly || Keeps(field.FieldType)))
                // A thread's own, which writes one thing at a time.
                .Where(field => !field.IsDefined(typeof(ThreadStaticAttribute)))
                .Select(field => $"{field.DeclaringType!.Name}.{field.Name}")
                .Order(StringComparer.Ordinal)
        );

    private static bool IsGenerated(Type? type) =>
        type is not null
        && (
            type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
            || type.Name.Contains('<', StringComparison.Ordinal)
            || IsGenerated(type.DeclaringType)
        );

    // What is made to be written to, or to be waited for.
    private static bool Keeps(Type type) =>
        type.Namespace is "System.Collections.Concurrent" or "System.Diagnostics.Metrics"
        || type == typeof(Lock)
        || type == typeof(SemaphoreSlim)
        || type == typeof(HttpClient)
        || type == typeof(Timer);
}
