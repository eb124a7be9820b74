# Aim: HTML, JSON and CSV in names, texts and output, for whoever shows the report.
# Ends: failed, error
html = "</td><script>alert(1)</script><img src=x onerror=alert(1)>'\"=cmd|'/c calc'!A1,\n--\x00"
manual_gradients = lambda *args: {html: html, "L": html}


def marking(self, exponent):
    print(html)
    raise type(html.replace("\0", ""), (Exception,), {})(html)


Value.__pow__ = marking
