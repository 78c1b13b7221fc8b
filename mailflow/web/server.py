"""The console on a port of its own, in a thread, or as the whole process (``mailflow web``)."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn

from mailflow.bootstrap import House
from mailflow.refusals import Unreachable
from mailflow.steps.manage_people import anybody
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance
from mailflow.web.warming import Warming


class ConsoleServer:
    """``start()`` returns when it listens; ``address`` is what to open in the browser."""

    def __init__(self, house: House) -> None:
        self._web = house.settings.web
        self._house, self._entrance, self._warming = house, Entrance(), Warming(house)
        app = create_app(house, self._entrance)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
        self._server = uvicorn.Server(config)
        self._socket = socket.socket(socket.AF_INET6 if ":" in self._web.host else socket.AF_INET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((self._web.host, self._web.port))
        except OSError as failure:
            raise Unreachable(
                f"the console cannot listen on {self._web.host}:{self._web.port}: {failure.strerror}; "
                "change [web] port, or end what uses it"
            ) from None

    @property
    def address(self) -> str:
        host = f"[{self._web.host}]" if ":" in self._web.host else self._web.host
        return f"http://{host}:{self._socket.getsockname()[1]}/"

    def welcome(self) -> str:
        """What the terminal says: the address, and on a first start the code that makes the administrator."""
        if anybody(self._house.database):
            return f"console: {self.address}"
        code = self._entrance.first_code
        return f"console: nobody has an account yet; the first one is made here: {self.address}first?code={code}"

    def link_for(self, name: str) -> str:
        """An address that signs this account in, once."""
        return self.address.rstrip("/") + self._entrance.link_for(name)

    def run(self) -> None:
        """In this thread, until the process is told to stop."""
        self._warming.start()
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._warming.stop()

    def start(self) -> None:
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self.run, name="console", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
