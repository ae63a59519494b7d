"""Secrets do not reach the file in whatever form they come, and made-up ones are as good for signers."""

import base64
import gzip
import json
import zlib

import ccxt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ccxt_ext.testing.cassettes import frames
from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.secrets import last_look
from ccxt_ext.testing.cassettes.secrets.forms import contents
from ccxt_ext.testing.cassettes.secrets.made_up import form_of, made_up
from ccxt_ext.testing.cassettes.secrets.redaction import Secrets
from tests.recorded import stubs
from tests.recorded.bots import call, played, recorded


def pem(key, traditional=False):
    way = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
    return key.private_bytes(Encoding.PEM, way, NoEncryption()).decode()


CREDENTIALS = {
    "text": "canary secret/with+odd=signs&more%ü",
    "short of a block": "canary89",
    "base64": base64.b64encode(bytes(range(100, 164))).decode(),
    "hex": bytes(range(100, 132)).hex(),
    "upper hex": bytes(range(100, 132)).hex().upper(),
    "wallet": "0xAbCdEf0123456789aBcDeF0123456789AbCdEf01",
    "uuid": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    "ec": pem(ec.generate_private_key(ec.SECP256R1()), traditional=True),
    "ed25519": pem(ed25519.Ed25519PrivateKey.generate()),
}


@pytest.fixture(params=CREDENTIALS)
def secret(request):
    return CREDENTIALS[request.param]


def test_no_form_of_a_credential_is_left(secret):
    secrets = Secrets()
    secrets.credential("acme.secret", secret)
    for form in stubs.in_every_form(secret):
        for text in (form, json.dumps({"a": form}), f"b={form}&c=1", json.dumps(json.dumps([form]))):
            for asked in (True, False):
                cleaned = secrets.clean(text, asked)
                assert not last_look.holds(cleaned.encode(), contents(secret)), form
                assert "***" in cleaned


def test_what_a_credential_encodes_is_hidden_too():
    secrets = Secrets()
    secrets.credential("acme.secret", CREDENTIALS["base64"])
    for form in stubs.in_every_form(bytes(range(100, 164))):
        assert not last_look.holds(secrets.clean(form, False).encode(), [bytes(range(100, 164))])


def test_the_last_look_finds_what_redaction_overlooks(secret):
    secrets = Secrets()
    secrets.credential("acme.secret", secret)
    odd = base64.b64encode(base64.b64encode(b"a" + base64.b64encode(b"ab" + secret.encode()) + b"b")).decode()
    text = f"line: 1\nline: {secrets.clean(odd, False)}\n"
    with pytest.raises(CassetteError, match=r"in line 2 of .*ccxt_cassette\.hide\(") as told:
        secrets.look(text)
    assert secret not in str(told.value)
    secrets.hide([odd])
    secrets.look(secrets.clean(text, False))


def test_short_credentials_are_hidden_in_fields_of_their_name_alone():
    secrets = Secrets()
    secrets.credential("acme.password", "abc")
    secrets.credential("acme.uid", "4711")
    assert secrets.clean('{"password": "abc", "word": "abc", "uid": "4711"}', False) == (
        '{"password": "***acme.password***", "word": "abc", "uid": "***acme.uid***"}'
    )


def test_a_credential_of_digits_leaves_json_that_can_be_read():
    secrets = Secrets()
    secrets.credential("acme.uid", "1234567890")
    assert json.loads(secrets.clean('{"id": 1234567890, "price": 91234567890.5}', False)) == {
        "id": 9999999999,
        "price": 91234567890.5,
    }


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ('{"listenKey": "abcdefgh12345678"}', '{"listenKey": "***listenKey-1***"}'),
        ('{"token": "USDC"}', '{"token": "USDC"}'),
        ('{"token": "0xAbCdEf0123456789aBcDeF0123456789AbCdEf01"}',) * 2,
        ('{"sign": "$"}', '{"sign": "$"}'),
        (
            '{"data": "{\\"accessToken\\": \\"abcdefgh12345678\\"}"}',
            '{"data": "{\\"accessToken\\": \\"***accessToken-1***\\"}"}',
        ),
        ("code=1&access_token=abcdefgh12345678", "code=1&access_token=***"),
    ],
)
def test_fields_of_answers_that_carry_secrets(text, cleaned):
    secrets = Secrets()
    secrets.learn(text)
    assert secrets.clean(text, False) == cleaned


def test_a_token_is_hidden_wherever_it_goes():
    secrets = Secrets()
    secrets.learn('{"token": "a/b+c-0123456789abcdef"}')
    assert secrets.clean("wss://x/?token=a%2Fb%2Bc-0123456789abcdef", True) == "wss://x/?token=***token-1***"
    assert secrets.clean("wss://x/a/b+c-0123456789abcdef/y", True) == "wss://x/***token-1***/y"


def test_more_can_be_hidden():
    secrets = Secrets()
    secrets.hide(["Jane Doe"], ["accountId", "level"], {r"U\d{3}": "U000"})
    assert secrets.clean('{"name": "Jane Doe", "accountId": "a", "level": 3, "user": "U123"}', False) == (
        '{"name": "***", "accountId": "***", "level": 0, "user": "U000"}'
    )


MORE = {
    "base32": "JBSWY3DPEHPK3PXPJBSWY3DP",
    "private key": "0x" + "ab" * 32,
    "digits": "12345678",
    "short": "abc",
    "rsa": pem(rsa.generate_private_key(65537, 2048)),
}


@pytest.mark.parametrize("name", [*CREDENTIALS, *MORE])
def test_made_up_credentials_have_the_same_form(name):
    secret = {**CREDENTIALS, **MORE}[name]
    form = form_of(secret)
    made = made_up("acme.secret", form)
    assert made != secret and form_of(made) == form
    assert len(made) == len(secret) or form["form"] == "pem"
    assert made == made_up("acme.secret", form)
    assert not last_look.holds(json.dumps(form).encode(), contents(secret))


@pytest.mark.parametrize(
    ("id", "config"),
    [
        ("binance", {"apiKey": "k" * 64, "secret": CREDENTIALS["ed25519"]}),
        ("binance", {"apiKey": "k" * 64, "secret": MORE["rsa"]}),
        ("coinbase", {"apiKey": "organizations/a/apiKeys/b", "secret": CREDENTIALS["ec"]}),
        ("hyperliquid", {"walletAddress": CREDENTIALS["wallet"], "privateKey": "0x" + "ab" * 32}),
        ("kraken", {"apiKey": "k" * 56, "secret": CREDENTIALS["base64"]}),
    ],
    ids=["ed25519", "rsa", "ec", "wallet", "base64"],
)
def test_signers_take_made_up_credentials(id, config):
    exchange = getattr(ccxt, id)(
        {name: made_up(f"{id}.{name}", form_of(text)) for name, text in config.items()}
    )
    if id == "hyperliquid":
        assert exchange.sign_l1_action({"type": "cancel", "cancels": []}, 1_700_000_000_000)
    else:
        api = {"binance": "private", "coinbase": ["v3", "private"], "kraken": "private"}[id]
        api = [api] if isinstance(api, str) else api
        path = {"binance": "account", "coinbase": "brokerage/accounts", "kraken": "BalanceEx"}[id]
        try:
            assert exchange.sign(path, api, "POST" if id == "kraken" else "GET", {})["url"]
        except TypeError:  # before 4.5.89
            assert exchange.sign(path, api[0] if len(api) == 1 else api, "GET", {})["url"]


@pytest.mark.parametrize(
    "data",
    ["text", b"\x00\xff\xfe", gzip.compress(b'{"a": 1}'), b"plain"],
    ids=["text", "bytes", "gzip", "utf-8"],
)
def test_frames_are_as_they_were(data):
    told = json.loads(json.dumps(frames.told(data)))
    again = frames.data_of(told)
    assert again == data or gzip.decompress(again) == gzip.decompress(data)


@pytest.mark.parametrize("wbits", [31, 15, -15], ids=["gzip", "zlib", "deflate"])
def test_what_is_packed_in_a_frame_is_hidden_too(wbits):
    secrets = Secrets()
    secrets.credential("acme.secret", CREDENTIALS["uuid"])
    packer = zlib.compressobj(wbits=wbits)
    frame = frames.told(packer.compress(f'["{CREDENTIALS["uuid"]}"]'.encode()) + packer.flush())
    cleaned = frames.with_text(frame, secrets.clean(frames.text_of(frame), False))
    assert zlib.decompress(frames.data_of(cleaned), wbits) == b'["***acme.secret***"]'


@pytest.mark.parametrize("used", ["for a request", "over a stream"])
async def test_keys_that_an_instance_is_given_later_are_hidden(tmp_path, used):
    stub = stubs.Binance()

    async def bot(exchange):
        await call(exchange, "load_markets")
        exchange.apiKey, exchange.secret = stubs.BINANCE["apiKey"], stubs.BINANCE["secret"]
        if used == "over a stream":
            await exchange.watch_orders("BTC/USDT")
        else:
            await call(exchange, "fetch_balance")
            exchange.apiKey = exchange.secret = None

    config = {"options": stub.config["options"]}
    kind = "pro" if used == "over a stream" else "sync"
    assert await recorded(tmp_path / "a.yaml", "binance", stub, kind, bot, config=config) == (None, [])
    text = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "***binance.apiKey***" in text
    secrets = [form for secret in stubs.BINANCE.values() for form in stubs.in_every_form(secret)]
    assert [form for form in (*secrets, *stub.proofs) if form in text] == []


async def test_a_secret_in_an_unknown_form_keeps_the_file_from_being_written(tmp_path):
    stub = stubs.Binance()
    odd = base64.b64encode(
        base64.b64encode(b"a" + base64.b64encode(stubs.BINANCE["secret"].encode()))
    ).decode()
    real = stub.answer

    async def answer(request, body):
        told = await real(request, body)
        return {**told, "echo": odd} if "account" in request.path else told

    stub.answer = answer

    async def bot(exchange):
        await call(exchange, "fetch_balance")

    path = tmp_path / "a.yaml"
    with stub.serve():
        settings = {"config": stub.config, "via": stub.via, "mode": "all"}
        _, (complaint,) = await played(path, "binance", "sync", bot, **settings)
        assert "nothing was written" in complaint and "hide(" in complaint and not path.exists()
        hidden = {"hide": lambda cassette: cassette.hide(odd)}
        assert await played(path, "binance", "sync", bot, **settings, **hidden) == (None, [])
    assert odd not in path.read_text()
