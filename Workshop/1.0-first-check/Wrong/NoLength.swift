// expect: the response does not say how long its body is
func response() -> String {
  "HTTP/1.1 200 OK\r\n\r\nHello"
}
