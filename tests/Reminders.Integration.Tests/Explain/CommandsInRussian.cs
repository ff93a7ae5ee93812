using Reminders.Bookings;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Explain;

/// <summary>
/// Whatever a command prints, it prints in the language of whoever typed it: what was done, what there is none of, and the headings of
/// tables. Names, states and codes are the same in every language, for they are what is typed back.
/// </summary>
public sealed class CommandsInRussian(Postgres postgres)
{
    [Fact]
    public async Task What_a_command_did_or_did_not_find_is_said_in_Russian()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(5), 1001);
        await cluster.SendAsync(new ApproveBooking(booking));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "kind,subject,recipient,sent_at\nCUSTOMER_CREATED,c1,u1,2026-01-02T09:30:00Z\n",
            TestContext.Current.CancellationToken
        );
        foreach (
            var (says, arguments) in ((string, string[])[])
                [
                    ("Ни один узел не работает.", ["nodes", "list"]),
                    ("Ни один триггер не ждёт.", ["triggers", "list"]),
                    ("Нет сообщений в состоянии «под вопросом».", ["outbox", "list"]),
                    ("Ничего нет.", ["messages", "list"]),
                    ("По «никто» никто не найден.", ["find", "никто"]),
                    ("сообщения 7 нет", ["outbox", "show", "7"]),
                    ("Под вопросом и подходит: 0. Ничего не сделано.", Many("settle", "--delivered", "--dry-run")),
                    ("Решено: 0, отказано: 0.", Many("settle", "--delivered")),
                    ("Отправлено ещё раз: 0, отказано: 0.", Many("resend")),
                    ("задержано напоминаний 0, под вопросом сообщений 0.", ["hold", "due", "--reason", "х"]),
                    ("Снова запланировано напоминаний: 0.", ["hold", "release", "--reason", "х"]),
                    ("telegram остановлен вручную ", ["channels", "pause", "telegram", "--reason", "х"]),
                    ("Ничего не изменено: остановлено раньше.", ["channels", "pause", "telegram", "--reason", "х"]),
                    ("telegram работает.", ["channels", "resume", "telegram", "--reason", "х"]),
                    ("CONFIRM_2H не на паузе. Ничего не изменено: паузы не было.", ["kinds", "resume", "CONFIRM_2H", "--reason", "х"]),
                    ("Записано: подтверждено.", ["bookings", "answer", $"{booking}", "confirm", "--by", "Рита", "--how", "phone"]),
                    ("Ничего не изменилось: ", ["bookings", "answer", $"{booking}", "confirm", "--by", "Рита", "--how", "phone"]),
                    ("Узел приложения ещё раз передаст ответов: 0.", ["answers", "retry"]),
                    ("Ещё раз передаётся событий: 0.", ["events", "retry"]),
                    ("«х» — не номер записи", ["explain", "х"]),
                    ("Ключ «k» отозван.", ["keys", "revoke", "k"]),
                    ("Действующего ключа «k» нет", ["keys", "revoke", "k"]),
                    ("Учётной записи «х», которую можно отключить, нет.", ["accounts", "disable", "х"]),
                    ("  text (изменён): Да, {candidate}", Texts("set", "text=Да, {candidate}", "--reason", "х")),
                    ("Они и так такие.", Texts("set", "text=Да, {candidate}", "--reason", "х")),
                    ("Перенесено: 1, уже было: 0.", ["import", file]),
                    ("Ничего не перенесено, ошибок: 1.", ["import", "/dev/null"]),
                    ("Файла «nothing.csv» нет.", ["import", "nothing.csv"]),
                    ("Все скрипты уже применены.", ["migrate"]),
                    ("Стёрто. Теперь в журнале это ", ["people", "erase", "u1", "--owner", "", "--reason", "х"]),
                ]
        )
        {
            if (arguments is ["keys", "revoke", ..] && says.StartsWith("Ключ", StringComparison.Ordinal))
            {
                await CommandLine.RunAsync(cluster.ConnectionString, "keys", "create", "k");
            }

            Assert.Contains(says, await SayAsync(cluster, arguments), StringComparison.OrdinalIgnoreCase);
        }

        File.Delete(file);
    }

    [Theory]
    [InlineData("bookings list")]
    [InlineData("people list")]
    [InlineData("texts list")]
    [InlineData("texts history CONFIRM_2H en")]
    [InlineData("kinds list")]
    [InlineData("channels list")]
    [InlineData("accounts list")]
    [InlineData("keys list")]
    [InlineData("audit list")]
    public async Task The_headings_of_tables_are_Russian(string command)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        await cluster.ProposeAsync(TimeSpan.FromHours(5), 1001);
        var said = await SayAsync(cluster, command.Split(' '));
        Assert.DoesNotMatch("[A-Za-z]", said.Split('\n')[0]);
        Assert.Matches("[а-я]", said.Split('\n')[0]);
    }

    private static string[] Many(string verb, params string[] more) => ["outbox", verb, "--kind", "CONFIRM_2H", "--reason", "х", .. more];

    private static string[] Texts(string verb, params string[] more) => ["texts", verb, "CONFIRM_2H", "en", .. more];

    private static async Task<string> SayAsync(Cluster cluster, string[] arguments)
    {
        var (_, output, errors) = await CommandLine.RunAsync(cluster.ConnectionString, [.. arguments, "--lang", "ru"]);
        return output + errors;
    }
}
