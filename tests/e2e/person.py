"""Somebody at a browser, for every walk through the console."""

from __future__ import annotations

import re


class Person:
    """Somebody at a browser: signs in, and hears every complaint of the page (console errors, blocked content)."""

    def __init__(self, chromium, server, small, account: str, scripts: bool, width: int = 1280) -> None:
        window = {"width": width, "height": 900}
        self.context = chromium.new_context(java_script_enabled=scripts, viewport=window)
        self.page = self.context.new_page()
        self.server, self.scripts, self.complaints = server, scripts, []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.open("/masuk")
        self.page.get_by_label("NIP atau nama akun").fill(account)
        self.page.get_by_label("Kata sandi").fill(small.PASSWORD)
        self.press("Masuk")

    def hear(self, message) -> None:
        if message.type == "error" and "status of 422" not in message.text:  # a form sent back with its mistakes
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.server.address + path)
        assert answer is not None
        assert answer.status == 200, path

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(f"^{name}")).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=re.compile(name)).first.click()

    def reads(self, *texts: str) -> None:
        body = self.page.locator("main").inner_text()
        for text in texts:
            assert text in body, (text, body)

    def touched(self, *texts: str) -> None:
        """Who is touched by a draft comes after the page; without scripts it is asked for."""
        if self.page.locator("noscript a").count() and not self.scripts:
            self.follow("Hitung siapa yang tersentuh")
        self.page.get_by_text("Keputusan yang tersentuh").wait_for()
        self.reads(*texts)

    def fits(self) -> None:
        """No page is wider than its window."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url

    def leave(self) -> None:
        self.press("Keluar")
        assert "/masuk" in self.page.url
        self.context.close()
        assert self.complaints == []
