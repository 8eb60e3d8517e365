"""Press tab in a shell, and see what it makes of the line.

usage: tab.py bash|zsh|fish SHARE <cases

SHARE is a directory as /usr/share, with the completions in it.  A case is a line

    cws-ttl --ov<tab> => --overrun      typed so, the program is called with these words, | between them
    cws-ttl -<tab> lists -a --all       what is shown then has these options and no others

The programs are stand-ins that write down their arguments.  One line for each case that
failed, and at the end "N passed, N failed".
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

PATIENCE_S = 60
START = {
    "bash": ["bash", "--noprofile", "--rcfile", "{home}/bashrc", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish", "-i"],
}
# Readline may not break up a list to ask for more; zsh and fish do not ask on a terminal of 500 lines.
FILES = {
    "bashrc": ". /usr/share/bash-completion/bash_completion\nPS1='> '\n",
    "inputrc": "set show-all-if-ambiguous on\nset completion-query-items 0\nset page-completions off\nset enable-bracketed-paste off\n",
    ".zshrc": "fpath=({share}/zsh/site-functions {share}/zsh/vendor-completions $fpath)\n"
    "autoload -U compinit && compinit -u -d {home}/zcompdump\nPS1='> ' LISTMAX=0\n",
    "config.json": "",
    "calendar.ics": "",
    "my settings": "",
    "plans/of today": "",
}


def prepare(home, share):
    """The files of a home directory, and in its bin a stand-in for each program that is completed."""
    for name, text in FILES.items():
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.format(home=home, share=share))
    os.mkdir(os.path.join(home, "bin"))
    for name in os.listdir(os.path.join(share, "bash-completion", "completions")):
        path = os.path.join(home, "bin", name)
        with open(path, "w", encoding="utf-8") as f:
            f.write('#!/bin/sh\nIFS="|"\nprintf "%%s\\n" "$*" >>%s/was-called\n' % home)
        os.chmod(path, 0o755)


class Shell:
    """A shell on a terminal of its own, which is all that is known of it."""

    def __init__(self, name, home, share):
        self.called = os.path.join(home, "was-called")
        self.mark = os.listdir(os.path.join(home, "bin"))[0]  # called where only an answer is wanted
        self.screen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(START[name][0], [a.format(home=home) for a in START[name]], {
                "HOME": home, "ZDOTDIR": home, "INPUTRC": os.path.join(home, "inputrc"), "TERM": "xterm",
                "PATH": os.path.join(home, "bin") + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HISTFILE": "",
                "XDG_DATA_DIRS": share + ":/usr/share"})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 500, 200, 0, 0))
        self.call(self.mark + " ready")  # it reads lines, and the terminal has its size

    def read(self, enough):
        """Take in what is shown until enough() says so, or nothing more is to be expected."""
        until = time.monotonic() + PATIENCE_S
        while not enough() and time.monotonic() < until:
            if select.select([self.fd], [], [], 0.05)[0]:
                self.screen += os.read(self.fd, 65536).decode("utf-8", "replace")

    def type(self, text):
        os.write(self.fd, text.replace("<tab>", "\t").encode())

    def calls(self):
        if not os.path.exists(self.called):
            return []
        with open(self.called, encoding="utf-8") as f:
            return f.read().splitlines()

    def call(self, typed):
        """The arguments of the program that this line calls, None when it calls none."""
        before = len(self.calls())
        self.type(typed + "\r")
        self.read(lambda: len(self.calls()) > before)
        return self.calls()[before] if len(self.calls()) > before else None

    def shown(self):
        plain = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][A-B0-2]|\x1b[=>]", "", self.screen)
        return set(re.findall(r"(?<![\w-])--?[A-Za-z][a-z-]*(?![\w-])", plain))

    def list(self, typed, wanted):
        """The options that are shown for this line, which is not run; wanted only says how long to wait."""
        self.screen = ""
        self.type(typed)
        self.read(lambda: wanted <= self.shown())
        self.type("\x15")
        self.call(self.mark + " end")
        return self.shown()

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def problem(shell, line):
    """What is wrong with this case, "" when nothing is."""
    if " lists " in line:
        typed, wanted = line.split(" lists ")
        wanted = set(wanted.split())
        got = shell.list(typed, wanted)
        return "" if got == wanted else "without %s, with %s" % (sorted(wanted - got), sorted(got - wanted))
    typed, wanted = line.split(" => ")
    got = shell.call(typed)
    return "" if got == wanted else "got %s" % got


def main():
    name, share = sys.argv[1], os.path.abspath(sys.argv[2])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as home:
        prepare(home, share)
        shell = Shell(name, home, share)
        for line in sys.stdin.read().splitlines():
            what = problem(shell, line)
            if what:
                print("%s: %s: %s" % (name, line, what))
                failed += 1
            else:
                passed += 1
        shell.end()
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed != 0)


main()
