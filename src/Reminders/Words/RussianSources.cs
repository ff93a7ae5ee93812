namespace Reminders.Words;

/// <summary>Причины: как сюда приходят обновления и как база данных вернулась назад.</summary>
internal static class RussianSources
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["reason.hook_unregistered"] = "вебхук не удалось зарегистрировать: «{0}»",
        ["reason.hook_unsaid"] = "Telegram не говорит, что с вебхуком: «{0}»",
        ["reason.hook_put_back"] = "{0}; наш зарегистрирован снова",
        ["reason.hook_deleted"] = "вебхук в Telegram удалён",
        ["reason.hook_set_to"] = "вебхук в Telegram переставлен на {0}",
        ["reason.hook_other_kinds"] = "вебхук в Telegram переставлен на другие виды обновлений",
        ["reason.hook_connections"] = "у вебхука в Telegram другое число соединений: {0}",
        ["reason.hook_undelivered"] = "Telegram не может доставить на вебхук: «{1}»; ждёт обновлений: {0}",
        ["reason.hook_other_secret"] =
            "Telegram не может доставить на вебхук: «{1}»; ждёт обновлений: {0}; с ним зарегистрирован другой секрет, наш "
            + "зарегистрирован снова",
        ["reason.hook_while_polling"] = "кто-то установил вебхук на {1}, хотя {0} = Polling; он удалён",
        ["reason.updates_pile_up"] = "в Telegram ждёт обновлений: {0}, и с каждым разом больше",
        ["reason.updates_refused"] = "Telegram не отдаёт обновлений: «{0}»",
        ["reason.updates_unanswered"] = "обновления в Telegram не запросить: он не отвечает или отвечает не так",
        ["reason.polled_elsewhere"] = "с токеном этого бота опрашивает другая программа («{0}»)",
        ["reason.timeline_changed"] = "линия времени {0} → {1}",
        ["reason.system_changed"] = "система {0} на линии времени {1} → система {2} на линии времени {3}",
        ["reason.log_went_back"] = "журнал вернулся с {0} на {1}",
    };
}
