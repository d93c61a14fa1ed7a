// expect: the server received SIGTERM, and A loses the rest of its response
// file: BlockingIO.swift
import Glibc

/// Sends every byte. Returns false if the client is gone.
func sendAll(_ bytes: [UInt8], to client: Int32) -> Bool {
  send(client, bytes, bytes.count, 0) == bytes.count
}
