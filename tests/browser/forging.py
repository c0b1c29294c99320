"""A client that speaks Streamlit's protocol itself, so that no page keeps it from pressing a button."""

from playwright.sync_api import BrowserContext
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect


def labels(context: BrowserContext, url: str, page: str, query: str) -> list[str]:
    """What the buttons of a page are called that was asked for by a link with ``query``."""
    with _connected(context, url) as socket:
        return [button.label for button in _buttons(socket, page, query=query)]


def press(context: BrowserContext, url: str, page: str, label: str, query: str = "") -> None:
    """Press the first button called ``label`` on a page, in the name of whom the browser has signed in."""
    with _connected(context, url) as socket:
        button = next(one for one in _buttons(socket, page, query=query) if one.label == label)
        _buttons(socket, page, button, query)


def _connected(context: BrowserContext, url: str) -> ClientConnection:
    kept = {cookie["name"]: cookie["value"] for cookie in context.cookies(url)}
    return connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())},
        origin=url,
        subprotocols=["streamlit", kept["_streamlit_xsrf"]],
        max_size=None,
    )


def _buttons(
    socket: ClientConnection, page: str, pressed: Button | None = None, query: str = ""
) -> list[Button]:
    """The buttons of a page after it has run, with one pressed before."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    if pressed is not None:
        message.rerun_script.widget_states.widgets.add(id=pressed.id, trigger_value=True)
    socket.send(message.SerializeToString())
    found: list[Button] = []
    while (told := ForwardMsg.FromString(socket.recv(timeout=60))).WhichOneof("type") != "script_finished":
        if told.delta.new_element.WhichOneof("type") == "button":
            found.append(told.delta.new_element.button)
    return found
