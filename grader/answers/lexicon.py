"""The words that students put beside a number, by what they mean, in the languages that are met. Roles, not spellings.

A role says what a quantity is (`sum`, `out`, `loss`, `delta`, `slope`, `gradient`), that it is the new one, where it
belongs (`hidden`, `outer`), or what part of a sheet begins (`forward`, `backward`, `check`).
"""

from __future__ import annotations

import re
import unicodedata

_SAID = {
    "sum": "summa|pre|preact|presynaptic|weighted sums|sums|weighted inputs|net inputs|pre activations"
    "|preactivations|net value|netto input|logit|logits|potential|potenzial|local field|induced field"
    "|linear combination|linear part|linear output|excitation|eingangssumme|summen|gewichtete summen"
    "|gewichtete eingabe|nettoeingang|netzeingang|summenwert|sommes|sommes pondérées|entrada ponderada"
    "|sumas|sumas ponderadas|somma|somme pesate|soma|somas|gewogen som|vägd summa|ważona suma|suma"
    "|взвешенная сумма|сумма|before squashing|before the sigmoid|before nonlinearity|avant activation"
    "|vor der aktivierung|antes de la activación|suma ważona|vážený součet|entrada neta|entrée nette"
    "|ingresso netto|entrada líquida|net girdi|net activation|netzeingabe|sum|net|netinput|net input"
    "|weighted sum|weighted input|summed input|input sum|net sum|pre activation|preactivation"
    "|before sigmoid|before activation|before the activation|nettoeingabe|netto|gewichtete summe|summe"
    "|somme pondérée|suma ponderada|somma pesata|soma ponderada|ağırlıklı toplam|加权和|净输入|加重和|総入力",
    "out": "post|squashed|squash|after squashing|after the sigmoid|after the activation|sigma|σ|sig|sigm"
    "|logistic|nonlinearity|ausgangswert|ausgangswerte|aktivität|activity|activities|activated|firing|nach aktivierung"
    "|nach der aktivierung|nach sigmoid|après activation|tras la activación|uitvoer|uitgang|utgång"
    "|активация|выход|aktywacja|aktivace|uscite|saídas|wyjście|výstup|out|output|activation|activations"
    "|outputs|after sigmoid|after activation|aktivierung|aktivierungen|ausgabe"
    "|ausgaben|ausgang|sortie|sorties|activación|activaciones|salida|salidas|saída|uscita|attivazione"
    "|çıktı|çıkış|输出|激活值|出力|sigmoid|act",
    "outer out": "prediction|predictions|predicted|estimate|vorhersage|prédiction|predicción|previsione|predição|tahmin"
    "|voorspelling|prediksi|network output|y hat|yhat|ypred|pred",
    "loss": "quadratic error|erreur quadratique|error cuadrático|errore quadratico|erro quadrático"
    "|quadratischer fehler|quadrierter fehler|sum of squares|sum of squared errors|sum squared error"
    "|half the squared error|cost function|loss function|loss value|lossfunktion|kostenfunktion|fout|fel"
    "|strata|ztráta|ошибка|потери|losses|errors|erreurs|errores|errori|erros|fehlerquadrat|half mse"
    "|objective|błąd|chyba|gesamtfehler|fehlerfunktion|hata değeri|loss|error|err|cost|squared error"
    "|half squared error|mean squared error|fehler|fehlerwert|verlust|kosten|erreur|perte|coût|pérdida"
    "|perdida|costo|errore|perdita|erro|perda|hata|kayıp|误差|损失|誤差|損失|mse|sse",
    "delta": "error delta|fehlerterm|fehlerterme|signal d'erreur|signal erreur|terme erreur|segnale errore"
    "|signaux d'erreur|terme d'erreur|señal de error|término de error|segnale di errore|termine di errore"
    "|sinal de erro|termo de erro|hata sinyali|hata terimi|blame|local error|backpropagated error"
    "|back propagated error|local error signal|node delta|sensitivities|lokales fehlersignal|deltaterm"
    "|foutsignaal|felsignal|дельта|dlt|delta|deltas|error signal|error signals|error term|error terms"
    "|fehlersignal|fehlersignale|sensitivity",
    "slope": "deriv|derivs|prime|act deriv|activation derivative|steigungen|hellings|helling|derivate|pendenza"
    "|inclinação|produkt regel|производная|pochodna|derivace|slope|slopes|derivative|derivatives"
    "|ableitung|ableitungen|steigung|dérivée|dérivées|pente|derivada|derivadas|pendiente|derivata|türev"
    "|导数|導関数",
    "gradient": "dl/d…|de/d…|∂l/∂…|∂e/∂…|dl/d...|de/d...|∂l/∂...|∂e/∂..."
    "|partial|partials|gradient of the loss|loss gradient|error gradient|gradiënt|gradiënten"
    "|weight gradient|gewichtsgradient|gewichtsgradienten|градиент|gradientů|gradient|gradients|grad"
    "|grads|gradienten|gradiente|gradientes|gradienti|gradyan|gradyanlar|梯度|勾配|partial derivative"
    "|partial derivatives|weight gradients|ableitungen nach den gewichten|dérivées partielles",
    "gradient weight": "gradw",
    "new": "opt.step|optimizer.step|adjusted|revised|post update|next value|trained"
    "|angepasst|angepasste|mis à jour|mise a jour|actualizada|actualizadas"
    "|aggiornati|aggiornata|atualizados|bijgewerkt|bijgewerkte"
    "|uppdaterad|uppdaterade|nowa|nowe|nowy|nová|nové|nový|новый|новые|новая|обновлённый|обновленный"
    "|güncel|naujas|uusi|ny|nye|nya|upd|aktualisieren|aktualisierung der gewichte|actualizar|actualiser"
    "|new|newly|updated|update|updates|updating|neu|neue|neuen|neuer|neues|nouveau|nouveaux|nouvelle"
    "|nouvelles|nuevo|nueva|nuevos|nuevas|nuovo|nuova|nuovi|nuove|novo|nova|novos|novas|yeni|nieuw|nieuwe"
    "|新|新しい|更新|更新后|更新後"
    "|mise à jour|aktualisiert|aktualisierte|aktualisierung|actualizado|actualizados"
    "|actualización|aggiornato|aggiornamento|atualizado|güncellenmiş|after|nachher|danach|après|dopo|después|depois",
    "rerun": "after update|after the update|after updating|after one step|after the step|after step|after one update"
    "|after training|after one training step|after 1 step|after one iteration|after the first step|after this step"
    "|after the first round|after this round|after one round|after this first round|nach dem update|nach update"
    "|nach der aktualisierung|nach einem schritt|nach dem schritt|nach dem lernschritt|après mise à jour"
    "|après la mise à jour|après une étape|después de la actualización|tras la actualización|tras actualizar"
    "|dopo l'aggiornamento|após a atualização|repeated the forward pass|repeating the forward pass"
    "|repeat the forward pass|repeat forward pass|running it again"
    "|run it again|with these weights|with those weights|with the new ones"
    "|neuer vorwärtsdurchlauf|zweiter vorwärtspass|zweiter durchlauf|neuer durchlauf|nuova passata"
    "|deuxième passe|nouvelle passe|segunda pasada|nueva pasada|segunda passagem|second forward|2nd pass"
    "|2nd forward pass|2nd run|pass 2|run 2|forward 2|new run|rerun|re run|second time"
    "|with new parameters|after the update the network gives|con i pesi nuovi|con pesos nuevos"
    "|avec les poids mis à jour|with the new weights|with new weights|with updated weights"
    "|with the updated weights|in the check run|check run|checkrun|second pass|second forward pass"
    "|mit den neuen gewichten|mit neuen gewichten|con los pesos nuevos|avec les nouveaux poids"
    "|yeni ağırlıklarla|con i nuovi pesi|com os novos pesos|forward again|forward pass again"
    "|new forward pass|forward pass 2|second run|second forward run|new pass",
    "before": "before update|before the update|vor dem update|avant la mise à jour|antes de la actualización",
    "old": "old|alt|alte|alter|before|initial|ancien|ancienne|viejo|vieja|vecchio|antigo|eski|旧|start|given"
    "|current|vorher|davor|avant|prima|antes|oud|oude|voor|gammal|gamla|stary|stare|starý",
    "weight": "wt|wts|connection|connections|edge|link|synapse|váha|váhy|waga|wagi|вес|веса|gewichten|vikt|vikter"
    "|param|weight|weights|gewicht|gewichte|poids|peso|pesos|pesi|ağırlık|ağırlıklar|权重|重み|parameter"
    "|parameters",
    "bias": "offset|threshold|смещение|polarización|bias|biases|偏置|バイアス|biais|sesgo",
    "total": "totaal|totalt|celkem|razem|total|overall|tot|gesamt|totale|toplam|insgesamt|总|together",
    "hidden": "hid|verdeckt|verdeckte|verdecktes|innere|inner|skrytá|skryté|ukryta|ukryte|escondida|escondido"
    "|escondidos|nascosta|verborgen|скрытый|dold|middle|hidden|versteckt|versteckte|verstecktes|cachée"
    "|caché|oculta|oculto|nascosto|gizli|隐藏",
    "outer": "finale|finaler|finales|finalen|ausgabezelle|output cell|ausgangsschicht|couche de sortie"
    "|capa de salida|strato di uscita|camada de saída|çıkış katmanı|final|output activation"
    "|ausgabeschicht|output layer|output unit|output node|output neuron|ausgabeneuron|ausgangsneuron",
    "unit": "cell|zelle|нейрон|uzel|perceptron|celda|nodi|noeud|neuroni|neurônios|nöronu|eenheid|nod|węzeł|unità"
    "|unidade|unité|jednostka|neuronu|unit|units|node|nodes|neuron|neurons|neurone|neurones|neurona"
    "|neuronas|neurônio|einheit|knoten|unidad|nöron|神经元|ニューロン|no|nr|number|nœud|nodo",
    "layer": "layer|schicht|couche|capa|strato|camada|katman|层",
    "forward": "first pass|first run|1st pass|1st run|first forward pass|pass 1|run 1|erster durchlauf|premier passage"
    "|primera pasada|prima passata|primeira passagem"
    "|forward pass|forwardpass|vorwärtsdurchlauf|durchlauf|passe avant|pasada hacia adelante"
    "|passata in avanti|avanti|adelante|propagación hacia adelante|forward|vorwärts|vorwärtsrechnung"
    "|vorwärtsschritt|vorwärtspass|propagation avant|feedforward|前向传播|前向",
    "backward": "backward pass|backwardpass|rückwärtsdurchlauf|rückwärtspass|passe arrière|pasada hacia atrás"
    "|indietro|atrás|backward|backpropagation|backprop|rückwärts|rückwärtsrechnung|rétropropagation"
    "|retropropagación|反向传播|反向",
    "check": "check|kontrolle|probe|again|nochmal|control|vérification|comprobación|verifica|検算",
    "change": "change|changes|änderung|step size|delta w",
    "answer": "ans|answer|answers|result|results|value|values|ergebnis|wert|werte|antwort|lösung|solution|resultado"
    "|valor|valeur|résultat|risultato|sonuç|submitted|final answer|your answer|my answer|答案|值|結果|结果",
    "name": "path|quantity|quantities|größe|grösse|groesse|symbol|line|variable|term|item|bezeichnung|magnitud|name"
    "|what|magnitude|grandezza",
    "working": "working|work|workings|rechnung|calculation|calculations|formula|formel|expression|derivation|how"
    "|rechenweg|berechnung|cálculo|calcul|computation|formule|fórmula|equation",
    "remark": "remark|remarks|comment|comments|note|notes|bemerkung|bemerkungen|kommentar|ok|task|question|section"
    "|part|step|steps|#|schritt|étape|paso|passo|zeile|ligne|fila|riga|linha|aufgabe|exercise|ex|problem"
    "|id|lfd|nummer|numéro|número|numero|block|q",
    "source": "from|von|de|source|src",
    "target": "to|nach|dest|destination",
    "input": "input|inputs|eingang|eingabe|eingaben|eingänge|eingangswert|entrée|entrées|entrada|entradas|ingresso"
    "|ingressi|girdi|输入|入力|вход|wejście|vstup|ingang|invoer|total input|incoming",
    "given": "target|targets|learning rate|eta|lernrate|ziel|zielwert|cible|objetivo|bersaglio|alvo|hedef|目标|目標"
    "|doel",
    "becomes": "becomes|become|becoming",
    "": "corrected|korrigiert|corrigé|corregido|corretto|corrigido|gecorrigeerd"
    "|di|van|av|od|na|het|een|en|wo|bei|beim|zum|zur|ins|dans|nella|nel|dla|pro|resulting|resultant"
    "|obtained|computed|calculated|corresponding|respective|individual|individually|single|berechnet"
    "|berechneter|zugehörig|each|both|all|total's|going|into|coming|there|here's|as|be|was|were|would"
    "|will|now's|per|two|three's|called|sein|seine|ihr|mein|meine|mon|ma|mes|mi|mis|su|sus|mio|mia|meu"
    "|minha|jest|je|är|i.e|um|uma|at's|dall|dalla|sul|sulla|al|alla|aux|au|à|for the|value for"
    "|compute the|full|whole|wert von|der wert|do|da|dos|das|dello|della|dell|red|réseau|rete|rede|ağ"
    "|netz|netzes|netzwerk|netzwerks|the|an|of|for|at|on|by|are|its|compute|calculate|give|state|enter"
    "|find|so|network|function|der|die|den|vom|im|am|des|du|la|le|les|el|los|las|del|il|lo|o|and|und|et"
    "|hence|thus|therefore|then|also|finally|get|gets|next|now|first|with|respect|w.r.t|wrt|i|we|my|our"
    "|is|it|this|that|which|means|ist|sind|donc|alors|entonces|así|quindi|okay|well|here|have|has|gives"
    "|yields|∴|value's|dem|einer|eine|ein|un|une|una|net's|in|own|real|one",
}
_MORE = {  # of further languages
    "sum": "gewogen som|som|netzsumme|gewogen input|nettosumma|painotettu summa|ważona|vážený součet"
    "|súlyozott összeg|suma ponderată|зважена сума|σταθμισμένο άθροισμα|jumlah terbobot"
    "|tổng có trọng số|가중합|加權和|净输入值",
    "out": "activatie|aktivering|aktivace|aktivasi|aktivointi|kimenet|aktiváció|ieșire|activare"
    "|ausgangsaktivierung|вихід|активація|έξοδος|keluaran|luaran|đầu ra|kích hoạt|활성화|출력|utdata|lähtö"
    "|výstup",
    "outer out": "forutsigelse|přede předpověď|предсказание|прогноз|predikce|predikcja|predictie|dự đoán|预测|予測|예측",
    "loss": "foutwaarde|verlies|kwadratische fout|deelfout|feil|tap|tab|virhe|häviö|hiba|veszteség|eroare"
    "|pierdere|похибка|втрати|σφάλμα|απώλεια|galat|kesalahan|rugi|lỗi|sai số|mất mát|손실|오차|損失関数"
    "|gesamtverlust",
    "delta": "дельта",
    "slope": "afgeleide|afgeleiden|derivata|derivert|deriverte|derivaatta|derivált|derivată|похідна|παράγωγος"
    "|turunan|đạo hàm|미분|导数|導數|stijging",
    "gradient": "gradiente|gradienter|gradientti|gradiens|gradienty|gradienți|градієнт|градиенты|κλίση|gradien"
    "|기울기|梯度值|gradiënten",
    "new": "baru|mới|új|nou|nouă|noi|noua|νέο|νέα|новий|нове|нова|uudet|uuden|uuteen|päivitetty|opdateret"
    "|oppdatert|aktualizovaný|zaktualizowana|zaktualizowane|frissített|actualizat|обновленные"
    "|обновлённые|diperbarui|cập nhật|갱신|새|새로운|更新された|更新值|xin|nieuwe gewichten",
    "rerun": "na de update|na update|na aanpassing|efter uppdatering|etter oppdatering|efter opdatering"
    "|po aktualizacji|po aktualizaci|frissítés után|după actualizare|после обновления"
    "|setelah pembaruan|sau khi cập nhật|更新之后|güncellemeden sonra",
    "old": "lama|cũ|régi|vechi|vanha|starý|stary|stara|старый|старые|gammel|gammal|gamla|eski",
    "weight": "gewicht|gewichten|bobot|trọng số|súly|pondere|paino|painot|vekt|vikt|vikter|vægt|váha|váhy|waga"
    "|wagi|вес|веса|вага|βάρος|가중치|權重|权重|重み",
    "bias": "bias|skjevhet|przesunięcie|зсув|편향|偏差",
    "hidden": "tersembunyi|ẩn|rejtett|ascuns|ascunsă|piilo|skjult|ukrytej|skryté|прихований|скрытого|κρυφό|은닉"
    "|隠れ|隱藏|verborgen laag",
    "outer": "uitgangslaag|uitvoerlaag|utgångslager|utlag|výstupní|wyjściowy|wyjściowa|wyjściowej|kimeneti"
    "|de ieșire|выходной|выходного|вихідний|εξόδου|출력층|出力層|输出层|çıkış nöronu|neurone de sortie"
    "|neuron de sortie|neurona de salida|neurone di uscita|neurônio de saída",
    "unit": "neuroner|neuronet|neuronen|neuroni|uzol|jednotka|yksikkö|egység|unitate|нейрона|νευρώνας|nơ ron"
    "|뉴런|单元|節點|节点|ユニット|nodul",
    "layer": "laag|lag|kerros|réteg|strat|vrstva|warstwa|слой|шар|lapisan|lớp|층|層",
    "forward": "voorwaarts|framåt|forover|fremad|dopředný|w przód|előre|înainte|прямой проход|propagasi maju"
    "|lan truyền tiến|순전파|順伝播|前向传递",
    "backward": "achterwaarts|bakåt|bakover|baglæns|zpětný|wstecz|vissza|înapoi|обратный проход|propagasi balik"
    "|lan truyền ngược|역전파|誤差逆伝播",
    "check": "controle|kontroll|tarkistus|kontrola|sprawdzenie|ellenőrzés|verificare|verificação|verificación"
    "|comprobacion|prova|proverka|проверка|перевірка|έλεγχος|cek|kiểm tra|검산|확인|验算|驗算|確認|verificatie"
    "|sağlama|kontrol",
    "total": "totaal|totale|łączny|celková|celkový|összes|общая|загальна|συνολικό|jumlah|tổng|전체|总损失|合計",
    "answer": "waarde|antwoord|uitkomst|värde|svar|verdi|værdi|arvo|tulos|hodnota|výsledek|wartość|wynik|érték"
    "|eredmény|valoare|rezultat|значение|результат|τιμή|nilai|hasil|giá trị|kết quả|값|결과",
}
_SHORTEST = 3  # letters of a word that is read without its accents too


def without_accents(word: str) -> str:
    """A word as it is typed where there are no accents."""
    return (
        "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        if word < "ͱ"
        else word
    )


ROLES: dict[str, str] = {}
for _role, _words in (*_SAID.items(), *_MORE.items()):
    for _word in _words.split("|"):
        ROLES.setdefault(_word, _role)
for _word, _role in list(ROLES.items()):
    if len(_word) > _SHORTEST and (_plain := without_accents(_word)) != _word:
        ROLES.setdefault(_plain, _role)  # neuronio, saida
LONGEST = max(word.count(" ") + 1 for word in ROLES)
_FAR_EAST = sorted(
    (word for word in ROLES if re.search(r"[\u3040-\u9fff\uac00-\ud7af]", word)), key=len, reverse=True
)
FAR_EAST = re.compile("|".join(map(re.escape, _FAR_EAST)))
_OTHER = (  # words that speak of another number than the answer
    "above almost als alte alten because below between book but checked could double earlier example"
    " except expected friend given guess half if instead kein key like mais maybe might minus mistake"
    " mistaken ne nearly neighbour never nicht no nor not oder old or over pas perhaps pero please plus"
    " previous previously should sinon solution squared statt than times twice under unless weil wenn"
    " when where while without would wrong wrongly"
    " tanh exp log ln relu sqrt sin cos square squares root inverse reciprocal negative absolute max min ratio"
    " difference product softmax quadrat wurzel kehrwert differenz carré racine cuadrado raíz quadrato radice"
)
OTHER = frozenset(_OTHER.split(" "))
NUMERALS = {
    word: str(number)
    for number, words in enumerate(
        (
            "one ein eins un uno um",
            "two zwei deux dos due dois",
            "three drei trois tres tre três",
            "four vier quatre cuatro quattro quatro",
            "five fünf cinq cinco cinque",
            "six sechs sei seis",
            "seven sieben sept siete sette sete",
            "eight acht huit ocho otto oito",
            "nine neun neuf nueve nove",
        ),
        1,
    )
    for word in words.split(" ")
}
