"""Blocks for other sites: what they show, how they are framed, found by oEmbed, handed out and pinned.

`blocks` says which there are and makes them of facts; `options` reads an address; `heights` works out how high one is;
`frames` answers below /embed/; `oembed` tells programs; `sharing` offers the snippets of `snippets`.
"""
