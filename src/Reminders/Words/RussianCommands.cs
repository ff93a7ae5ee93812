namespace Reminders.Words;

/// <summary>Что командная строка говорит о том, что сделано и найдено.</summary>
internal static class RussianCommands
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        // What was decided about messages.
        ["cli.message_is"] = "Сообщение {0}: {1:@state}: {2}.[ Вместо него сообщение {3}.]",
        ["cli.settled"] = "Решено: {0}, отказано: {1}.",
        ["cli.not_settled"] = "не решено: {0}",
        ["cli.resent"] = "Отправлено ещё раз: {0}, отказано: {1}.",
        ["cli.not_resent"] = "не отправлено ещё раз: {0}",
        ["cli.doubts_match"] = "Под вопросом и подходит: {0}. Ничего не сделано.",
        ["cli.held_due"] = "Срок до {0}: задержано напоминаний {1}, под вопросом сообщений {2}.",
        ["cli.would_hold"] = "Срок до {0}: задержано было бы напоминаний {1}, под вопросом сообщений {2}. Ничего не сделано.",
        ["cli.released"] = "Снова запланировано напоминаний: {0}.",
        // How a channel or a kind stands now.
        ["cli.stands"] = "{0} {1}[ Ничего не изменено: {2}.]",
        ["cli.is_open"] = "работает.",
        ["cli.not_paused"] = "не на паузе.",
        ["cli.nothing_waited"] = "там ничего не ждало",
        ["cli.stopped_before"] = "остановлено раньше",
        ["cli.was_not_paused"] = "паузы не было",
        ["cli.paused_before"] = "пауза уже была",
        ["cli.recipient_waits"] = "получатель {0} до {1}: {2}",
        ["cli.incident"] = "сбой {0}  {1}",
        // Lists.
        ["cli.none"] = "Ничего нет.",
        ["cli.none_so_far"] = "Пока ничего нет.",
        ["cli.more"] = "[Просмотрено до {0}. ]Дальше: --after {1}",
        ["cli.none_is"] = "Нет сообщений в состоянии «{0:@state}».",
        ["cli.none_is_so_far"] = "Пока нет подходящих сообщений в состоянии «{0:@state}».",
        ["cli.first_of"] = "Это первые {0}; уточните с --kind.",
        ["cli.no_node"] = "Ни один узел не работает.",
        ["cli.gone"] = "пропал",
        ["cli.there"] = "на месте",
        ["cli.no_trigger"] = "Ни один триггер не ждёт.",
        ["cli.nobody_found"] = "По «{0}» никто не найден.",
        ["cli.no_booking_id"] = "«{0}» — не номер записи; если это не запись, укажите тип и номер: {1}.",
        ["cli.refused"] = "{0} (отказано)",
        // People, their answers, and what apps are told.
        ["cli.erased"] =
            "Стёрто. Теперь в журнале это {0}; больше не отправится: {1}.[ В пути: {2}; "
            + "сотрите ещё раз через минуту, чтобы стереть и то, что скажет их исход.]",
        ["answer.recorded"] = "Записано: {0:@status}.",
        ["answer.same"] = "Ничего не изменилось: и так {0:@status}.",
        ["cli.recorded_of"] = "Записано: {0}. Теперь {1:@subject}: {2:@status}.",
        ["cli.same_answer_of"] = "Ничего не изменилось: такой ответ уже был. Теперь {0:@subject}: {1:@status}.",
        ["cli.answers_retried"] = "Узел приложения ещё раз передаст ответов: {0}.",
        ["cli.events_retried"] = "Ещё раз передаётся событий: {0}.",
        ["cli.receivers_resumed"] = "Снова получают события, получателей: {0}.",
        ["cli.events_forgotten"] = "Не доставлено и забыто событий: {0}.",
        // Keys and accounts.
        ["cli.key_revoked"] = "Ключ «{0}» отозван.",
        ["cli.no_key_in_force"] = "Действующего ключа «{0}» нет; какие есть: {1}.",
        ["cli.account_disabled"] = "{0}: отключено",
        ["cli.account_enabled"] = "{0}: включено",
        ["cli.none_to_disable"] = "Учётной записи «{0}», которую можно отключить, нет.",
        ["cli.none_to_enable"] = "Учётной записи «{0}», которую можно включить, нет.",
        // Texts.
        ["cli.texts_same"] = "Они и так такие.",
        ["cli.as_declared"] = "как объявлено",
        ["cli.texts_of"] = "{0} {1}, версия {2}",
        ["cli.text"] = "  {0}: {1}",
        ["cli.text_set"] = "  {0} (изменён): {1}",
        ["cli.text_reads"] = "    выглядит так: {0}",
        // One message.
        ["cli.shown_state"] = "сообщение {0}: {1:@state}[: {2}]",
        ["cli.shown_kind"] = "вид {0}, {1}, {2} {3}",
        ["cli.shown_to"] = "кому: {0} ({1})",
        ["cli.shown_about"] = "о чём: {0:@subject} {1}, версия {2}",
        ["cli.shown_times"] = "создано {0}, срок {1}, имеет смысл до {2}",
        ["cli.shown_provider"] = "у провайдера это {0}",
        ["cli.shown_try"] = "попытка {0}, {1}: {2} {3}",
        ["cli.shown_press"] = "нажатие {0}: {1}, {2}",
        ["cli.shown_decision"] = "решение {0}, {1}: {2:@action}, {3}",
        // The schema.
        ["cli.no_scripts"] = "Все скрипты уже применены.",
        ["cli.scripts"] = "Применено скриптов: {0}.",
        ["cli.schema_good"] = "Схема в порядке.",
        ["cli.schema_lacks"] = "Скрипт выполняется один раз, поэтому migrate этого не вернёт: нужные команды выводит doctor --sql.",
        // What another system has sent.
        ["cli.no_file"] = "Файла «{0}» нет.",
        ["cli.import_problems"] = "Ничего не перенесено, ошибок: {0}.",
        ["cli.import_empty"] = "Ничего не перенесено: нет ни одной строки.",
        ["cli.import_nothing"] = "Ничего не перенесено.",
        ["cli.imported"] =
            "Перенесено: {0}, уже было: {1}.[ Из них было запланировано здесь и больше не отправится: {2}.][ Пропущено: {3}.]",
        ["cli.and_more"] = "… и ещё {0}.",
    };
}
