"""A proxy that opens every tunnel to one port of this machine, and refuses those it is told to.

tunnel.py PORT FIRST LAST STATUS [STEP]: those of these numbers, from 1; each STEP-th of them.  STATUS 0 hangs up.
Prints its own port; each CONNECT is a line on standard error.
"""

import socket
import sys
import threading


def relay(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client, number, port, refused, status):
    with client:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536) or b"\r\n\r\n"
        print(number, head.split(b"\r\n")[0].decode(), file=sys.stderr, flush=True)
        if number in refused:  # no byte of the request itself is asked for
            if status != 0:
                client.sendall(b"HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n" % status)
            return
        with socket.create_connection(("127.0.0.1", port)) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=relay, args=(server, client), daemon=True)
            back.start()
            relay(client, server)
            back.join()


def main():
    port, first, last, status, *step = map(int, sys.argv[1:])
    refused = range(first, last + 1, *step)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    number = 0
    while True:
        client, _ = listener.accept()
        number += 1
        threading.Thread(target=serve, args=(client, number, port, refused, status), daemon=True).start()


main()
