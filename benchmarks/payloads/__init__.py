"""One module a venue, named like it, with its answers in the sizes that are measured.

A module has
    SYMBOL            a market's unified symbol
    config(url)       constructor arguments that send the classes to `url`, credentials included
    markets(count)    rows for parse_markets()
    answers()         {kind: the venue's answer}, for the kinds of benchmarks.parsing.KINDS; see there.
                      What the venue does not have is left out, but a book of 100 is needed
    parse             {kind: how an exchange parses that answer}
    raw_book(exchange)  the implicit method that fetches an order book
    signed(exchange)  {what: (the signing call, the same by hand with the standard library)}
"""
