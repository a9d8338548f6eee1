"""The page of settings in Processing's options: where the program is."""

from processing.core.ProcessingConfig import ProcessingConfig, Setting

GROUP = "Tamarisk"
PROGRAM = "TAMARISK_PROGRAM"


def add(icon):
    """Adds the page. The path is typed, since a picker of files cannot name a command."""
    ProcessingConfig.settingIcons[GROUP] = icon
    ProcessingConfig.addSetting(
        Setting(
            GROUP,
            PROGRAM,
            "Path of the program tamarisk",
            "",
            valuetype=Setting.STRING,
            placeholder="Leave empty to look in QGIS's Python and in PATH",
        )
    )
    ProcessingConfig.readSettings()


def remove():
    """Takes the page away."""
    ProcessingConfig.settings.pop(PROGRAM, None)
    ProcessingConfig.settingIcons.pop(GROUP, None)


def program():
    """The path that the user typed, or an empty text."""
    return str(ProcessingConfig.getSetting(PROGRAM) or "").strip().strip('"')
